"""«Информация об исполнении резолюции»: what became of each recommendation, as one sums it up.

The order and the words are those of the paper; every figure counts within the reader's reach by a
state of ``tasks.progress``, so that the list it opens has that length.
"""
