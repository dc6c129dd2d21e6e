from whitenoise.storage import CompressedManifestStaticFilesStorage as Hashed


class HashedFiles(Hashed):
    """Static files with hashed names; the source maps they mention are not served."""

    patterns = tuple(
        (files, tuple(each for each in patterns if "sourceMappingURL" not in str(each)))
        for files, patterns in Hashed.patterns
    )
