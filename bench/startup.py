"""What a PyTorch user would run for the geometric complexity of a small network: startup.py WEIGHTS DATA"""
import json
import sys
import warnings

import peer

warnings.simplefilter("ignore")
weights, data = sys.argv[1:]
network = peer.load_network("small-mlp", weights, "float32")
x = peer.load_data(data, "float32")
print(json.dumps({"value": peer.jacrev(network)(x).item() / len(x)}))
