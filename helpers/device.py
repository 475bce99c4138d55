"""The device that PyTorch computes on."""

import torch


def torch_device(name="auto"):
    """Return `torch.device(name)`; "auto" is CUDA where there is a GPU, and otherwise the CPU.

    Raises ValueError for a name that PyTorch does not know or a device that is not there.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        return torch.empty(0, device=name).device
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ValueError(
            f"name is {name!r}; it must be a device of this machine: {error}"
        ) from error
