"""A window of a tensor: the plane of its last two axes that an index chooses."""

import pytest

from nn_tui.presets.live.orders import WindowAt

torch = pytest.importorskip("torch")


@pytest.mark.parametrize(("index", "first"), [((), 0.0), ((1,), 12.0), ((1, 2), 20.0), ((0, 1), 4.0), ((9, 9), 20.0)])
def test_the_index_chooses_a_plane_and_zeros_where_it_is_short(index: tuple[int, ...], first: float) -> None:
    from nn_tui.presets.pytorch.tensor_statistics import window_of

    tensor = torch.arange(24.0).reshape(2, 3, 2, 2)

    window = window_of(3, WindowAt(tensor="w", index=index, rows=2, columns=1), tensor)

    assert window.values.array().tolist() == [[first], [first + 2.0]]
