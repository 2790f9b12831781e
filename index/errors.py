"""What can be wrong with an index or an encoder. None of these means "nothing found"."""


class IndexFault(RuntimeError):
    """The index cannot be used as it is."""


class IndexStale(IndexFault):
    """The index was built from another text or with another encoder."""


class IndexCorrupt(IndexFault):
    """Files of the index are missing or not as they were written."""


class EncoderError(ValueError):
    """An encoder's directory or name cannot be opened; the message names it."""
