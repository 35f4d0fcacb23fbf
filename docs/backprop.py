"""Backpropagation by hand for exclusive or, with a mistake: its gradient check fails. `nn-tui verify` finds the line.

python docs/backprop.py && nn-tui verify xor --against mine.npz
"""

# ruff: noqa: D103, N816
import sys

import numpy as np

rng = np.random.default_rng(1)
W1, b1 = rng.normal(size=(2, 3)), np.zeros(3)
W2, b2 = rng.normal(size=(3, 1)), np.zeros(1)
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])


def forward(W1):
    z1 = X @ W1 + b1
    a1 = np.tanh(z1)
    y_hat = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
    return z1, a1, y_hat, -np.mean(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))


z1, a1, y_hat, loss = forward(W1)

dz2 = (y_hat - y) / len(X)
da1 = dz2 @ W2.T
dz1 = da1 * (1 - z1**2)
dW1, db1 = X.T @ dz1, dz1.sum(axis=0)

step = np.zeros_like(W1)
step[0, 0] = 1e-5
slope = (forward(W1 + step)[3] - forward(W1 - step)[3]) / 2e-5
print(f"gradient check of W1[0, 0]: dW1 says {dW1[0, 0]:.6f}, the slope of the loss is {slope:.6f}")

path = sys.argv[1] if len(sys.argv) > 1 else "mine.npz"
np.savez(path, W1=W1, b1=b1, W2=W2, b2=b2, z1=z1, a1=a1, y_hat=y_hat, loss=loss, dz2=dz2, dz1=dz1, dW1=dW1, db1=db1)
