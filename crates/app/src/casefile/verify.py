"""Checks a case file of Huiyin with nothing but Python 3.

    python3 verify.py [FOLDER]      the folder into which the zip was unpacked

Prints what was checked; ends with 0 when all of it holds, with 1 otherwise.
"""
import base64
import hashlib
import json
import pathlib
import sys

FORM = b"huiyin-event-1"
SEAL = b"huiyin-seal-1"


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def entry_hash(event):
    parts = [
        FORM,
        event["previous"].encode(),
        event["case"].encode(),
        event["seq"].to_bytes(8, "big"),
        event["occurred_at"].to_bytes(8, "big", signed=True),
        event["recorded_at"].to_bytes(8, "big", signed=True),
        (event["by"] or "").encode(),
        event["event"].encode(),
    ]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def commitment(text):
    salt = bytes.fromhex(text["salt"])
    data = SEAL + len(salt).to_bytes(8, "big") + salt + text["text"].encode()
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def history(folder, where, faults):
    """Checks the history in one folder; gives how much it held."""
    events = lines(folder / "chain" / "events.jsonl")
    previous = ""
    for place, event in enumerate(events, 1):
        if event["seq"] != place or event["previous"] != previous:
            faults.append(f"{where}entry {place}: not the one that follows")
        if entry_hash(event) != event["hash"]:
            faults.append(f"{where}entry {place}: its hash is another one")
        previous = event["hash"]
    head = json.loads((folder / "chain" / "head.json").read_text(encoding="utf-8"))
    if head["head"] != previous or head["events"] != len(events):
        faults.append(f"{where}the history does not end where the file says")
    texts = lines(folder / "chain" / "texts.jsonl")
    erased = sum(1 for text in texts if text.get("erased"))
    for text in texts:
        if not text.get("erased") and commitment(text) != text["commitment"]:
            faults.append(f"{where}text {text['commitment']}: is not what the history holds")
    return len(events), len(texts), erased, previous


def main(folder):
    faults = []
    *counts, head = history(folder, "", faults)
    members = sorted(chain.parent for chain in folder.glob("members/*/chain"))
    for member in members:
        *more, _ = history(member, f"{member.name}: ", faults)
        counts = [one + other for one, other in zip(counts, more)]
    events, texts, erased = counts
    sums = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    for line in sums:
        known, name = line.split("  ", 1)
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != known:
            faults.append(f"{name}: missing or changed")
    print(f"{events} entries, {texts} texts ({erased} erased), {len(sums)} files, {len(members)} members")
    for fault in faults:
        print("FAULT:", fault)
    print("NOT IN ORDER" if faults else "IN ORDER", "head", head)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
