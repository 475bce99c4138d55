"""Another seed for every generator that a chapter creates, without touching the chapter.

`make processors` and `make elsewhere` call `move_seeds` in a kernel before the chapter's first
cell: what chance decided in the committed run must hold for other draws too. Only what is already
imported is changed, so the chapter's own frameworks are imported first.
"""

import sys

import numpy as np


def move_seeds(by):
    """Let every generator take the seed that is `by` away from the one that it is given."""

    def moved(seed):
        """Return another seed of the same kind; what is no number stays."""
        if isinstance(seed, (int, np.integer)) and not isinstance(seed, bool):
            return int(seed) + by
        if isinstance(seed, (list, tuple)):
            return [*seed, by]
        return seed

    def move(module, name):
        """Let the function `module.name`, whose first argument is a seed, take another one."""
        original = getattr(module, name)

        def function(seed=None, *arguments, **options):
            return original(moved(seed), *arguments, **options)

        setattr(module, name, function)

    class RandomState(np.random.RandomState):
        """What scikit-learn makes of `random_state=0`."""

        def __init__(self, seed=None):
            super().__init__(moved(seed))

    move(np.random, "default_rng")
    move(np.random, "seed")
    np.random.RandomState = RandomState

    if torch := sys.modules.get("torch"):

        class Generator(torch.Generator):
            """A generator that takes another seed than it is given."""

            def manual_seed(self, seed):
                """Seed the generator and return it."""
                return super().manual_seed(moved(seed))

        torch.Generator = Generator
        move(torch, "manual_seed")

    if tensorflow := sys.modules.get("tensorflow"):
        move(tensorflow.random, "set_seed")
        move(tensorflow.random.Generator, "from_seed")
        move(tensorflow.keras.utils, "set_random_seed")

    if cv2 := sys.modules.get("cv2"):
        move(cv2, "setRNGSeed")
