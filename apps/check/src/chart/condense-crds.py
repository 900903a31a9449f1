"""Writes crds.json from CustomResourceDefinitions: names, types and bounds of the stored version, without descriptions.

Unknown fields are refused, as the API server drops them in silence. Parts named by `left_out` are not described.

  python3 condense-crds.py NAME-AND-VERSION=FILE... >crds.json
"""

import json
import sys

import yaml

kept = {"type", "required", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "anyOf"}
# Whole pods and StatefulSets, which no example of ours gives.
left_out = {"RabbitmqCluster": {"override", "affinity"}}


def condensed(schema, skipped=()):
    if schema.get("x-kubernetes-int-or-string"):
        return {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    own = {name: value for name, value in schema.items() if name in kept}
    if "items" in schema:
        own["items"] = condensed(schema["items"])
    if isinstance(schema.get("additionalProperties"), dict):
        own["additionalProperties"] = condensed(schema["additionalProperties"])
    elif "properties" in schema:
        fields = {name: each for name, each in schema["properties"].items() if name not in skipped}
        own["properties"] = {name: condensed(each, skipped) for name, each in fields.items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            own["additionalProperties"] = False
    return own


schemas = {}
sources = {}
for argument in sys.argv[1:]:
    source, file = argument.split("=", 1)
    with open(file) as text:
        spec = yaml.safe_load(text)["spec"]
    stored = next(each for each in spec["versions"] if each["storage"])
    kind = spec["names"]["kind"]
    root = condensed(stored["schema"]["openAPIV3Schema"], left_out.get(kind, ()))
    # The API server's own, in every object.
    root["properties"]["metadata"] = {"type": "object"}
    name = f"{spec['group']}/{stored['name']}/{kind}"
    schemas[name] = root
    sources[name] = source
json.dump({"sources": sources, "schemas": schemas}, sys.stdout, separators=(",", ":"), sort_keys=True)
print()
