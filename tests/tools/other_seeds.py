"""Another seed for every generator that a chapter creates, without touching the chapter.

`make processors` executes this in a kernel before the chapter's first cell: what chance decided in
the committed run must hold for other draws too. Only what is already imported is changed, so the
chapter's own frameworks are imported first.
"""

import sys

import numpy as np

SHIFT = 1000


def shifted(seed):
    """Return another seed of the same kind; what is no number stays."""
    if isinstance(seed, (int, np.integer)) and not isinstance(seed, bool):
        return int(seed) + SHIFT
    if isinstance(seed, (list, tuple)):
        return [*seed, SHIFT]
    return seed


def shift_seeds(module, name):
    """Let the function `module.name`, whose first argument is a seed, take another one."""
    original = getattr(module, name)

    def function(seed=None, *arguments, **options):
        return original(shifted(seed), *arguments, **options)

    setattr(module, name, function)


class RandomState(np.random.RandomState):
    """What scikit-learn makes of `random_state=0`."""

    def __init__(self, seed=None):
        super().__init__(shifted(seed))


shift_seeds(np.random, "default_rng")
shift_seeds(np.random, "seed")
np.random.RandomState = RandomState

if torch := sys.modules.get("torch"):

    class Generator(torch.Generator):
        """A generator that takes another seed than it is given."""

        def manual_seed(self, seed):
            """Seed the generator and return it."""
            return super().manual_seed(shifted(seed))

    torch.Generator = Generator
    shift_seeds(torch, "manual_seed")

if tensorflow := sys.modules.get("tensorflow"):
    shift_seeds(tensorflow.random, "set_seed")
    shift_seeds(tensorflow.random.Generator, "from_seed")
    shift_seeds(tensorflow.keras.utils, "set_random_seed")

if cv2 := sys.modules.get("cv2"):
    shift_seeds(cv2, "setRNGSeed")
