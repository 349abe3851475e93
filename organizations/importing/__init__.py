"""Import of organisations, with one person each, from an XLSX or CSV table.

In the order of the work: ``tables`` reads a file, ``columns`` knows the headings, ``values`` the
cells, ``checking`` makes the dry run (``plan``) out of the rows and of what is stored
(``directory``, ``people``), ``storing`` performs it, ``keeping`` keeps the rows in between.
"""
