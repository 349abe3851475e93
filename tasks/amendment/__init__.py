"""What may change after sending; each act with a reason, a preview and events, all or nothing.

``acts`` says what an amendment is and carries it out; the other modules hold the amendments, by
what they change: ``deadlines``, ``recommendations``, ``audience``, ``control``.
"""
