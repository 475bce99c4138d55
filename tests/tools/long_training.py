"""Train the four objectives of the chapter on the IWAE for long, and write what they gain into it.

Usage: python -m tests.tools.long_training

A run of the chapter trains for seconds. This script takes its functions and trains under two other
plans: `long`, 5600 steps of the chapter's falling rate with 20 images each, some minutes; and
`large`, nearer to the question: black and white digits of 28 × 28, 500 hidden units, 200 latents,
and the published schedule, 2^i epochs at a rate of 10^(-4 - i/7), on 1200 of the digits; that takes
an hour. It replaces the cell `stored` by the gains and their date. Into the cell `stored-split` it
writes what the asker's gradient in the decoder, in the encoder and in both gains over the right
IWAE, for fifteen seeds that the chapter does not use. After it run `make notebooks`.
"""

import copy
import time
from pathlib import Path

import nbformat

from tests.tools import elsewhere, stored

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "iwae_vs_vae.ipynb"
CELLS = ("setup", "objectives", "data", "model", "log-weights", "train", "bounds", "gains")
SPLIT = ("L_1", "L_50", "L_5000")
COLUMNS = ("L_1", "L_5", "L_50", "L_5000", "own objective")
LARGE = [  # the plan `large`: (cell, what it says, what it says then, what that means)
    ("data", "F.avg_pool2d(squares, 2)", "(squares > 0.5).float()", "black and white, 28 × 28"),
    ("model", "hidden=64, pixels=196", "hidden=500, pixels=784", "a larger network"),
    ("train", "SAMPLES, LATENTS, SEEDS = 50, 10,", "SAMPLES, LATENTS, SEEDS = 50, 200,", "latents"),
]


def functions(notebook):
    """Return the namespace of the cells that define what is needed, and train nothing."""
    names = {}
    for cell in notebook.cells:
        if cell.get("id") in CELLS:
            code = cell.source
            if cell.id == "setup":
                code = code[code.index("\nimport math") :]
            exec(compile(code, cell.id, "exec"), names)
    names["torch"].set_num_threads(1)
    return names


def plans(notebook):
    """Yield (plan, its functions, rates, options of `train`, seeds, images to score)."""
    names = functions(notebook)
    yield "long", names, names["np"].geomspace(0.02, 0.001, 5600), {"batch": 20}, range(3), 200
    large = copy.deepcopy(notebook)
    for change in LARGE:
        elsewhere.changed_notebook(large, *change)
    names = functions(large)
    stages = names["np"].arange(8)
    rates = names["np"].repeat(10 ** (-4 - stages / 7), 60 * 2**stages)  # 1200 digits, 20 a step
    options = {"batch": 20, "images": names["train_grey"][:1200]}
    yield "large", names, rates, options, range(1), 100


def three_digits(numbers):
    """Return numbers with three digits, or two decimals, in a list."""
    return [float(f"{round(number, 2):.3g}") for number in numbers]


def plan_lines(plan, names, rates, options, seeds, images):
    """Yield code with {model: [gain, standard error] in each of COLUMNS}, over the VAE."""
    torch, rows = names["torch"], {}
    for name, objective in names["OBJECTIVES"].items():
        models = [names["train"](objective, seed, rates, **options) for seed in seeds]
        log_w = torch.stack([names["weights_of"](model, images=images) for model in models])
        rows[name] = names["reports"](name, log_w)
        print(plan, name, f"{time.process_time():.0f} CPU s", flush=True)
    vae = rows.pop("VAE")
    yield f"stored_{plan} = {{"
    for name, row in rows.items():
        gains = [three_digits(names["gain"](row[c], vae[c])) for c in COLUMNS]
        yield f'    "{name}": {gains},'
    yield "}"


def split_lines(names, seeds=range(10, 25)):
    """Yield code with {where the asker's gradient is: [gain, standard error] in each of SPLIT}."""
    asker, iwae = names["asker_number"], names["iwae_bound"]
    rates = names["np"].geomspace(0.02, 0.001, 500)
    plans = {"right": (iwae, iwae), "decoder alone": (asker, iwae)}  # in decoder and encoder
    plans |= {"encoder alone": (iwae, asker), "both": (asker, asker)}
    rows = {}
    for where, (decoder, encoder) in plans.items():
        models = [names["train"](decoder, seed, rates, encoder=encoder) for seed in seeds]
        log_w = names["torch"].stack([*map(names["weights_of"], models)])
        rows[where] = names["reports"]("IWAE", log_w)
    right = rows.pop("right")
    yield "# by tests/tools/long_training.py: gains over the IWAE and standard errors, in"
    yield f"# {', '.join(SPLIT[:-1])} and {SPLIT[-1]}, of {len(seeds)} other seeds"
    yield "stored_split = {"
    for where, row in rows.items():
        gains = [three_digits(names["gain"](row[c], right[c])) for c in SPLIT]
        yield f'    "{where}": {gains},'
    yield "}"


def main():
    """Train, score, and write the results into the notebook."""
    notebook = nbformat.read(NOTEBOOK, 4)
    start = time.process_time()
    stored.write(NOTEBOOK, [*split_lines(functions(notebook))], start, "stored-split")
    lines = ["# by tests/tools/long_training.py: gains over the VAE and standard errors, in"]
    lines += [f"# {', '.join(COLUMNS[:-1])} and {COLUMNS[-1]}"]
    start = time.process_time()
    for plan in plans(notebook):
        lines += plan_lines(*plan)
    stored.write(NOTEBOOK, lines, start)


if __name__ == "__main__":
    main()
