"""Reads Kubernetes objects from YAML files and prints them as JSON: {"objects": {file: [...]}, "problems": [...]}.

Each built-in object is held against the strict schemas of every version given, each other one against crds.json.

  python3 read-objects.py 1.30,1.37 FILE...
"""

import functools
import json
import pathlib
import sys

import jsonschema
import yaml
from kubernetes_validate import utils

# Read once, not once an object: the definitions of a version are a megabyte.
utils.schema_contents = functools.cache(utils.schema_contents)
custom = json.loads(pathlib.Path(__file__).with_name("crds.json").read_text())["schemas"]


def problems_of(each, versions):
    own = custom.get(f"{each['apiVersion']}/{each['kind']}")
    if own is not None:
        for error in jsonschema.Draft202012Validator(own).iter_errors(each):
            yield f"{error.json_path}: {error.message}"
        return
    for version in versions:
        try:
            utils.validate(each, version, strict=True)
        except utils.SchemaNotFoundError as error:
            yield error.message
        except utils.ValidationError as error:
            yield f"Kubernetes {version}: {error.json_path}: {error.message}"


def main(versions, files):
    objects = {}
    problems = []
    seen = set()
    for file in files:
        with open(file) as text:
            objects[file] = [each for each in yaml.safe_load_all(text) if each]
        for each in objects[file]:
            key = json.dumps(each, sort_keys=True, default=str)
            if key in seen:
                continue
            seen.add(key)
            name = f"{each['kind']} {each['metadata']['name']}"
            problems += [f"{file}: {name}: {problem[:400]}" for problem in problems_of(each, versions)]
    json.dump({"objects": objects, "problems": problems}, sys.stdout, default=str)


main(sys.argv[1].split(","), sys.argv[2:])
