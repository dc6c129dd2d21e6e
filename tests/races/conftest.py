from tests.committed import db

__all__ = ["db"]
