class Refused(Exception):
    """The message itself is not wanted (no such number): to send it again changes nothing."""


class Away(Exception):
    """Nobody answered in time; whether the message was taken is not known."""


class Busy(Exception):
    """The gateway asks to be left alone for so many seconds; nothing was taken."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"busy for {seconds} s")
        self.seconds = seconds
