#!/usr/bin/env python3
"""Kills trainings at random moments and compares how they end with those that were left alone.

    tools/kills.py [--kills 200] [--seed 0] [--keep FOLDER]

Ten configurations, each trained once in peace and then again and again under kills (SIGKILL) at random moments, resumed
after each. Every run must end in the same weights, checkpoints, metrics and status, bit for bit (times apart). It takes
some minutes: a developer's command, not a test of the suite. The program is build/app's, or that of OCCAM_PROGRAM.
"""
import argparse
import glob
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GLYPHS = "data: { train: glyphs:train, test: glyphs:test, limit: 200, test-limit: 40 }\n"
WAVES = "data: { id: waves, frequency: 0.5, train: 60, test: 10, inputs: 4 }\n"
CONFIGURATIONS = {
    "SGD, dropout, redrawn noise, trajectory": "network: { id: mlp, hidden: [16, 16], dropout: 0.2 }\n" + GLYPHS + """
loss: cross-entropy
optimizer: { id: sgd, learning-rate: 0.02, momentum: 0.9 }
schedule: { id: cosine, warm-up: 5 }
batch: 20
epochs: 40
label-noise: { fraction: 0.2, redrawn: true }
trajectory: true
trajectory-window: 7
evaluate: 20 steps
keep-best: test.loss
checkpoint: 9 steps
""",
    "Adam, batch norm, augmentation, input noise": "network: { id: cnn, channels: [4, 4], batch-norm: true }\n" + GLYPHS + """
loss: cross-entropy
optimizer: { id: adam, learning-rate: 0.01 }
batch: 10
steps: 150
input-noise: 0.1
augmentation: { crop: 2, flip: true }
evaluate: 2 epochs
checkpoint: 7 steps
""",
    "managed engine, one example a step": "network: { id: mlp, hidden: [16, 16], first-layer: identity }\n" + WAVES + """
loss: half-squared-error
optimizer: { id: sgd, learning-rate: 0.005 }
batch: 1
replacement: true
epochs: 2000
frozen: layer1.weight
trajectory: true
trajectory-window: 130
evaluate: 100 epochs
checkpoint: 900 steps
""",
    "AdamW, float64": "network: { id: mlp, hidden: [12] }\n" + WAVES + """
loss: mse
optimizer: { id: adamw, learning-rate: 0.01 }
precision: float64
batch: 6
epochs: 300
evaluate: 20 epochs
checkpoint: 100 steps
""",
    "SGD with Nesterov, geometric complexity": "network: { id: mlp, hidden: [12] }\n" + GLYPHS + """
loss: cross-entropy
optimizer: { id: sgd, learning-rate: 0.02, momentum: 0.9, nesterov: true, weight-decay: 0.001 }
regularizers:
  - { id: geometric-complexity, strength: 0.01, cotangents: 1 }
batch: 20
steps: 200
evaluate: 5 epochs
checkpoint: 13 steps
""",
    "flatness from a fresh batch": "network: { id: mlp, hidden: [12] }\n" + GLYPHS + """
loss: cross-entropy
optimizer: { id: adam, learning-rate: 0.005 }
regularizers:
  - { id: flatness, strength: 0.05, fresh-batch: true }
batch: 20
steps: 200
evaluate: 5 epochs
checkpoint: 13 steps
""",
    "bfloat16": "network: { id: cnn, channels: [4], batch-norm: true }\n" + GLYPHS + """
loss: cross-entropy
optimizer: { id: sgd, learning-rate: 0.05, momentum: 0.9 }
precision: bfloat16
batch: 10
steps: 150
evaluate: 2 epochs
checkpoint: 7 steps
""",
    "probes that draw": "network: { id: mlp, hidden: [10] }\n" + GLYPHS + """
loss: cross-entropy
optimizer: { id: sgd, learning-rate: 0.05 }
batch: 20
steps: 120
evaluate: 3 epochs
probes:
  - { measure: { id: geometric-complexity }, on: test, every: 20 steps }
  - { measure: { id: expected-sharpness, draws: 5 }, on: train, every: 30 steps }
keep-best: test.loss
checkpoint: 11 steps
""",
    "noise drawn once, exponential schedule": "network: { id: mlp, hidden: [20] }\n" + GLYPHS + """
loss: cross-entropy
optimizer: { id: sgd, learning-rate: 0.05, momentum: 0.5 }
schedule: { id: exponential, by: 0.97 }
label-noise: { fraction: 0.3 }
batch: 20
epochs: 60
evaluate: 6 epochs
checkpoint: 25 steps
""",
    "event files": "network: { id: mlp, hidden: [16] }\n" + GLYPHS + """
loss: cross-entropy
optimizer: { id: adam, learning-rate: 0.003 }
batch: 20
epochs: 40
evaluate: 10 steps
checkpoint: 17 steps
""",
}


def program():
    named = os.environ.get("OCCAM_PROGRAM")
    built = sorted(glob.glob(os.path.join(ROOT, "build", "app", "*", "Occam.Cli.dll")), key=os.path.getmtime)
    found = named or (built[-1] if built else None)
    if not found:
        sys.exit("kills.py: the program is not built: start ./occam once, or set OCCAM_PROGRAM to an Occam.Cli.dll")
    return found


def seconds_of(process):
    """The processor time that a running process has used, in seconds, to a hundredth."""
    with open(f"/proc/{process.pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def train(arguments, kill_after=float("inf")):
    """Runs `occam train`; kills it once it has used so much processor time. Tells whether it was killed, and the time it used."""
    with tempfile.TemporaryFile("w+") as error:
        process = subprocess.Popen(["dotnet", program(), "train", *arguments], stdout=subprocess.DEVNULL, stderr=error)
        used = 0
        while process.poll() is None:
            # A process that has ended and wasn't waited for has a file of its times still.
            used = seconds_of(process)
            if used > kill_after:
                process.kill()
                process.wait()
                return True, used
            time.sleep(0.002)
        if process.returncode != 0:
            error.seek(0)
            sys.exit(f"kills.py: occam train {' '.join(arguments)} ended with code {process.returncode}: {error.read().strip()}")
    return False, used


# Entries of a checkpoint with the seconds that it took to get there, alone or with measures that metrics.jsonl has, too.
TIMED = {"run.seconds.npy", "run.metrics.npy"}


def ends(folder):
    """What a run came to: files by name, metrics and status without times."""
    found = {}
    for path in sorted(glob.glob(f"{folder}/*.onnx")):
        with open(path, "rb") as file:
            found[os.path.basename(path)] = file.read()
    for path in sorted(glob.glob(f"{folder}/checkpoints/*.npz")):
        with zipfile.ZipFile(path) as archive:
            found[os.path.basename(path)] = {
                name: archive.read(name) for name in archive.namelist() if name not in TIMED}
    rows = []
    with open(f"{folder}/metrics.jsonl", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            rows.append({name: value for name, value in row.items() if name not in ("seconds", "crc")})
    found["metrics"] = rows
    with open(f"{folder}/status.json", encoding="utf-8") as file:
        status = json.load(file)
    found["status"] = {name: status[name] for name in ("state", "step", "metrics") if name in status}
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    place = options.keep or tempfile.mkdtemp(prefix="occam-kills-")
    os.makedirs(place, exist_ok=True)
    share = -(-options.kills // len(CONFIGURATIONS))
    failed, all_kills, all_ends = [], 0, 0
    print("| configuration | kills | runs that ended | bit-identical |")
    print("| --- | --- | --- | --- |")
    for number, (name, text) in enumerate(CONFIGURATIONS.items()):
        more = ["--threads", "1"] + (["--tensorboard"] if name == "event files" else [])
        config, whole = f"{place}/{number}.yaml", f"{place}/{number}-whole"
        with open(config, "w", encoding="utf-8") as file:
            file.write(text)
        _, takes = train([config, "--out", whole, *more])
        expected = ends(whole)
        kills = ended = same = 0
        while kills < share:
            folder = f"{place}/{number}-killed"
            shutil.rmtree(folder, ignore_errors=True)
            # Up to ten kills a run: a moment of the whole run's time each, also while it starts and while it ends.
            left = min(chance.randint(1, 10), share - kills)
            running = True
            while running:
                began_anew = not os.path.exists(f"{folder}/config.yaml") or not glob.glob(f"{folder}/checkpoints/*.npz")
                if began_anew:
                    shutil.rmtree(folder, ignore_errors=True)
                after = chance.uniform(0, takes) if left > 0 else float("inf")
                running, _ = train([config, "--out", folder, *more] if began_anew else ["--resume", folder], after)
                if running:
                    kills, left = kills + 1, left - 1
            ended += 1
            if ends(folder) == expected:
                same += 1
            else:
                shutil.move(folder, f"{place}/{number}-other-{ended}")
                failed.append(f"{place}/{number}-other-{ended}")
        all_kills, all_ends = all_kills + kills, all_ends + ended
        print(f"| {name} | {kills} | {ended} | {same} |", flush=True)
    print(f"| all | {all_kills} | {all_ends} | {all_ends - len(failed)} |")
    if failed:
        sys.exit(f"kills.py: runs that ended otherwise are kept: {', '.join(failed)}")
    if not options.keep:
        shutil.rmtree(place)


if __name__ == "__main__":
    main()
