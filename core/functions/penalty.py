"""The penalty: a price for large weights, in the forms of courses and libraries, with its formula."""

from dataclasses import dataclass, replace
from typing import Self

from ..quantities.formula import (
    HALF,
    TWO,
    Function,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Term,
    Terms,
    product,
    total,
)
from . import lazy_numpy as np
from .arrays import Array
from .ranges import NotNegative, check_ranges

FORMS = ("lambda/2", "lambda", "lambda/m", "lambda/2m")
"""The factors of Σ w²: l2 is λ, and m is the number of training examples; l1 has no ½."""
ACTS_ON = ("loss", "gradient", "weights")
"""A penalty is added to the loss, or to the gradients of an update, or subtracted from the weights themselves."""


@dataclass(frozen=True)
class Penalty:
    """l1 Σ|w| + ½ l2 Σ w², over the weights of all layers, or another of the forms.

    Raises:
        ValueError: a price is negative or not finite, or a form is unknown.
    """

    l1: NotNegative = 0.0
    l2: NotNegative = 0.0
    form: str = "lambda/2"
    biases: bool = False
    """Whether biases are penalized too."""
    acts_on: str = "loss"
    """The target of the penalty: the loss, the gradient (PyTorch's weight_decay), or the weights (AdamW's)."""
    examples: int = 1
    """The number of training examples, m."""

    def __post_init__(self) -> None:
        check_ranges(self)
        for name, known in (("form", FORMS), ("acts_on", ACTS_ON)):
            if getattr(self, name) not in known:
                expected = " or ".join(map(repr, known))
                raise ValueError(f"Penalty: {name} must be {expected}, got {getattr(self, name)!r}")

    def __bool__(self) -> bool:
        return bool(self.l1 or self.l2)

    @property
    def is_in_loss(self) -> bool:
        """Whether there is a penalty in the loss."""
        return bool(self) and self.acts_on == "loss"

    @property
    def is_in_update(self) -> bool:
        """Whether there is a penalty in updates only."""
        return bool(self) and self.acts_on != "loss"

    @property
    def in_usual_form(self) -> Self:
        """The same penalty with its prices in the form λ/2."""
        return replace(self, l1=self._price(self.l1), l2=2.0 * self._of_squares, form=FORMS[0])

    def value(self, W: Array) -> float:
        """The term of the loss, from all penalized parameters in one vector."""
        l1 = float(np.abs(W).sum()) if self.l1 else 0.0
        l2 = float(W.dot(W)) if self.l2 else 0.0
        return self.of_sums(l1, l2)

    def of_sums(self, l1: float, l2: float) -> float:
        """The term of the loss, from Σ|w| and Σ w²."""
        return self._price(self.l1) * l1 + self._of_squares * l2

    def gradient(self, W: Array) -> Array:
        """The term of ∂L/∂W, of the shape of W: l1 sign(w) + l2 w in the form λ/2."""
        return self._price(self.l1) * np.sign(W) + 2.0 * self._of_squares * W

    def part(self, weights: slice) -> slice:
        """The penalized part of all parameters, of which this slice is the weights."""
        return slice(None) if self.biases else weights

    def decayed(self, parameters: Array, gradient: Array, learning_rate: float, weights: int) -> tuple[Array, Array]:
        """The parameters and the gradient of an update, if the penalty acts on the gradient or on the weights.

        Args:
            parameters: the weights and then the biases, or the rows of an array of such vectors.
            gradient: their gradients, in the same shape.
            learning_rate: the length of the step.
            weights: the number of weights.

        Returns:
            The parameters and the gradient for the optimizer.
        """
        decay = self.gradient(parameters)
        if not self.biases:
            decay[weights:] = 0.0
        if self.acts_on == "gradient":
            return parameters, gradient + decay
        return parameters - learning_rate * decay, gradient

    def formula(self, weights: Terms) -> Node:
        """The formula of the term of the loss."""
        parts: list[Node] = []
        if self.l1:
            parts.append(product(self._written(self.l1), total([Function("abs", (w,)) for w in weights])))
        if self.l2:
            squares = total([Power(w, TWO) for w in weights])
            parts.append(product(*self._halved, self._written(self.l2), squares))
        return total(parts)

    def slope(self, weight: Term) -> Node:
        """The formula of the term of a weight's gradient."""
        parts: list[Node] = []
        if self.l1:
            parts.append(Product((self._written(self.l1), Function("sign", (weight,)))))
        if self.l2:
            parts.append(Product((*(() if self._halved else (TWO,)), self._written(self.l2), weight)))
        return total(parts)

    @property
    def _halved(self) -> tuple[Node, ...]:
        return (HALF,) if self.form in ("lambda/2", "lambda/2m") else ()

    @property
    def _of_squares(self) -> float:
        """The factor of Σ w²."""
        return self._price(0.5 * self.l2 if self._halved else self.l2)

    def _price(self, price: float) -> float:
        return price / self.examples if self._is_shared else price

    def _written(self, price: float) -> Node:
        return Quotient(Number(price), Number(float(self.examples))) if self._is_shared else Number(price)

    @property
    def _is_shared(self) -> bool:
        """Whether a price is divided by the number of examples."""
        return self.form in ("lambda/m", "lambda/2m") and self.examples > 1


NO_PENALTY = Penalty()
