"""A slider over frames that were computed in the run.

It is plain HTML with one line of script, so it works in a static page, in Jupyter and in Colab,
offline and by keyboard; where scripts do not run, the first frame shown stays.
"""

import base64
import html
import io

import numpy as np
from IPython.display import HTML
from matplotlib.figure import Figure
from PIL import Image

from helpers.pictures import checked_picture

_MOVE = (
    "const f = this.closest('figure'), all = f.querySelectorAll('img'), now = all[this.value];"
    "all.forEach(m => m.style.display = m === now ? 'block' : 'none');"
    "f.querySelector('output').textContent = now.dataset.label;"
    "this.setAttribute('aria-valuetext', now.dataset.label)"
)


def frame_slider(frames, labels, name, start=0):
    """Return a slider that shows one of `frames` at a time.

    `frames` are pictures in [0, 1], (H, W) or (H, W, 3), clipped and encoded as WebP of high
    quality, or Matplotlib figures, which should be closed by then. `labels` say what each frame
    is ("rank 5"), to the eye and as its alternative text; `name` is the quantity that the slider
    moves. Frame number `start` is shown first.

    Raises ValueError for a picture of another shape, with NaN or of whole numbers such as bytes,
    for labels that are not one a frame, and for a `start` that is no frame's number.
    """
    frames, labels = list(frames), [html.escape(str(label)) for label in labels]
    if not frames or len(frames) != len(labels):
        raise ValueError(f"labels has {len(labels)} entries for {len(frames)} frames; one for each")
    if start not in range(len(frames)):
        raise ValueError(f"start is {start}; it must be a whole number in [0, {len(frames) - 1}]")
    display = ["block" if i == start else "none" for i in range(len(frames))]
    images = "".join(
        f'<img src="{_data_uri(frame)}" alt="{label}" data-label="{label}" '
        f'style="display:{shown};max-width:100%;margin:0 auto">'
        for frame, label, shown in zip(frames, labels, display, strict=True)
    )
    return HTML(
        f'<figure class="frame-slider" style="margin:0;text-align:center">{images}'
        '<label style="display:inline-flex;flex-wrap:wrap;gap:0 .6em;justify-content:center;'
        f'align-items:center">{html.escape(name)} '
        f'<input type="range" min="0" max="{len(frames) - 1}" value="{start}" step="1" '
        f'style="width:min(20em,50vw)" aria-valuetext="{labels[start]}" '
        f'oninput="{_MOVE}"> <output>{labels[start]}</output></label></figure>'
    )


def _data_uri(frame):
    data = io.BytesIO()
    if isinstance(frame, Figure):
        frame.savefig(data, format="png")
        kind = "png"
    else:
        picture = checked_picture("frames", frame)
        pixels = np.uint8(np.rint(255 * np.clip(picture, 0, 1)))
        Image.fromarray(pixels).save(data, format="webp", quality=90)
        kind = "webp"
    return f"data:image/{kind};base64,{base64.b64encode(data.getvalue()).decode()}"
