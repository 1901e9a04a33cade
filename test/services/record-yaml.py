"""Records what PyYAML's safe_load_all makes of texts: `pip install pyyaml`, then `python3 test/services/record-yaml.py`."""
import datetime
import json
import math
import pathlib

import yaml

from yaml_texts import SCALARS, TEXTS


def plain(value):
    """JSON of a value; what JSON has no form for is told by a tag."""
    # Timestamps stay text in the operator: what they are in PyYAML is no matter here.
    if isinstance(value, (datetime.date, datetime.datetime)):
        return {"$timestamp": True}
    if isinstance(value, (bytes, set, tuple)) or (isinstance(value, float) and not math.isfinite(value)):
        return {"$none": True}
    if isinstance(value, int) and abs(value) > 2**53 - 1:
        return {"$none": True}
    if isinstance(value, dict):
        return {key_of(key): plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


def key_of(key):
    if isinstance(key, (str, bool, int)):
        return key if isinstance(key, str) else json.dumps(key)
    # JSON has no such key.
    return f"$none {key!r}"


def recorded(text):
    try:
        return {"text": text, "documents": [plain(each) for each in yaml.safe_load_all(text)]}
    except (yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError, OverflowError, IndexError) as error:
        return {"text": text, "refused": type(error).__name__}
    except RecursionError:
        return {"text": text, "refused": "RecursionError"}


if __name__ == "__main__":
    texts = dict.fromkeys([f"a: {scalar}" for scalar in SCALARS] + TEXTS)
    cases = [json.dumps(recorded(text), ensure_ascii=True) for text in texts]
    target = pathlib.Path(__file__).parent / "data" / "yaml-cases.json"
    lines = ",\n".join(cases)
    target.write_text(f'{{"source": "PyYAML {yaml.__version__}", "cases": [\n{lines}\n]}}\n')
    print(len(cases), "cases")
