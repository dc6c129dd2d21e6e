class NotPossible(Exception):
    """The paper's state does not allow the act: somebody was first, or it is not its turn (409)."""
