"""Saves a network in the ways that PyTorch has: python3 saves.py FOLDER"""
import argparse
import sys

import torch

folder = sys.argv[1]
network = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.ReLU(), torch.nn.Linear(4, 2)).eval()
torch.save(network.state_dict(), f"{folder}/state.pt")
torch.save({"model": network.state_dict(), "arguments": argparse.Namespace(rate=0.1)}, f"{folder}/checkpoint.pt")
torch.save(network, f"{folder}/module.pt")
torch.save(network.state_dict(), f"{folder}/legacy.pt", _use_new_zipfile_serialization=False)
torch.jit.save(torch.jit.trace(network, torch.zeros(1, 3)), f"{folder}/script.pt")
