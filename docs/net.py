"""A training to open with nn-tui run: ten lines of PyTorch that know nothing of nn-tui."""

import torch
from torch import nn

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
X, y = torch.randn(5, 3), torch.randn(5, 1)
model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
for _ in range(1000):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(X), y)
    loss.backward()
    optimizer.step()
