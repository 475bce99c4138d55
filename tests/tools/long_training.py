"""Train the four objectives of the chapter on the IWAE for long, and write what they gain into it.

Usage: python -m tests.tools.long_training

A run of the chapter trains for seconds. This script takes its functions and trains under two other
plans, which takes some minutes: 5600 steps of the chapter's falling rate with 20 images each, and
the published schedule of the question, 2^i epochs at a rate of 10^(-4 - i/7), on a quarter of the
digits. It replaces the cell `stored` by the gains and their date. Into the cell `stored-split` it
writes what the asker's gradient in the decoder alone gains over the right IWAE, for fifteen seeds
that the chapter does not use. Run `make notebooks NAME=iwae_vs_vae` after it.
"""

import time
from pathlib import Path

import nbformat

from tests.tools import stored

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "iwae_vs_vae.ipynb"
CELLS = ("setup", "objectives", "data", "model", "log-weights", "train", "bounds", "gains")
COLUMNS = ("L_1", "L_50", "L_5000", "own objective")


def functions(notebook):
    """Return the namespace of the cells that define what is needed, and train nothing."""
    names = {}
    for cell in notebook.cells:
        if cell.get("id") in CELLS:
            code = cell.source
            if cell.id == "setup":
                code = code[code.index("\nimport math") :]
            exec(compile(code, cell.id, "exec"), names)
    return names


def plans(names):
    """Return {plan: (rates, options of `train`, seeds)}."""
    np = names["np"]
    stages = np.arange(8)
    long = np.geomspace(0.02, 0.001, 5600)
    published = np.repeat(10 ** (-4 - stages / 7), 60 * 2**stages)  # 1200 digits, 20 a step
    quarter = {"batch": 20, "images": names["train_grey"][:1200]}
    return {"long": (long, {"batch": 20}, range(3)), "published": (published, quarter, range(1))}


def gains_of(names, rates, options, seeds):
    """Return {pair: [gain, standard error] in each of COLUMNS}, over the VAE."""
    torch, rows = names["torch"], {}
    for name, objective in names["OBJECTIVES"].items():
        models = [names["train"](objective, seed, rates, **options) for seed in seeds]
        log_w = torch.stack([names["weights_of"](model, images=200) for model in models])
        rows[name] = names["reports"](name, log_w)
        print(name, f"{time.process_time():.0f} CPU s", flush=True)
    vae = rows.pop("VAE")
    return {
        f"{name} − VAE": [[round(v, 2) for v in names["gain"](row[c], vae[c])] for c in COLUMNS]
        for name, row in rows.items()
    }


def split_lines(names, seeds=range(10, 25)):
    """Return code with {score: [gain, standard error]} of "decoder alone" over the right IWAE."""
    asker, iwae = names["asker_number"], names["iwae_bound"]
    rates = names["np"].geomspace(0.02, 0.001, 500)
    plans = {"encoder": iwae, "objective": asker}, {"objective": iwae}
    alone, right = (
        names["reports"](
            "IWAE",
            names["torch"].stack(
                [names["weights_of"](names["train"](seed=s, rates=rates, **plan)) for s in seeds]
            ),
        )
        for plan in plans
    )
    gains = {c: [round(v, 2) for v in names["gain"](alone[c], right[c])] for c in COLUMNS[:3]}
    first = f"# by tests/tools/long_training.py: decoder alone − IWAE, {len(seeds)} other seeds"
    return [first, f"stored_split = {gains}".replace("'", '"')]


def main():
    """Train, score, and write the results into the notebook."""
    names = functions(nbformat.read(NOTEBOOK, 4))
    names["torch"].set_num_threads(1)
    start = time.process_time()
    stored.write(NOTEBOOK, split_lines(names), start, "stored-split")
    lines = ["# by tests/tools/long_training.py: gains over the VAE and standard errors, in"]
    lines += ["# L_1, L_50, L_5000 and own objective", "stored = {"]
    start = time.process_time()
    for plan, arguments in plans(names).items():
        lines += [f'    "{plan}": {{']
        lines += [f'        "{pair}": {row},' for pair, row in gains_of(names, *arguments).items()]
        lines += ["    },"]
    stored.write(NOTEBOOK, [*lines, "}"], start)


if __name__ == "__main__":
    main()
