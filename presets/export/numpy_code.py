"""Each activation, loss and update as lines of NumPy."""

SIGMOID = "1.0 / (1.0 + np.exp(-{z}))"


NORMAL = "0.5 * (1.0 + erf({z} / 2.0**0.5))"


TANH_OF_GELU = "np.tanh((2.0 / np.pi) ** 0.5 * ({z} + 0.044715 * {z}**3))"


ACTIVATIONS = {
    "identity": ("{z}", ""),
    "sigmoid": (SIGMOID, "{a} * (1.0 - {a})"),
    "tanh": ("np.tanh({z})", "(1.0 - {a} * {a})"),
    "relu": ("np.maximum({z}, 0.0)", "({z} > 0.0)"),
    "leaky-relu": ("np.where({z} > 0.0, {z}, {number} * {z})", "np.where({z} > 0.0, 1.0, {number})"),
    "elu": (
        "np.where({z} > 0.0, {z}, {number} * np.expm1(np.minimum({z}, 0.0)))",
        "np.where({z} > 0.0, 1.0, {a} + {number})",
    ),
    "selu": (
        "1.0507009873554805 * np.where({z} > 0.0, {z}, 1.6732632423543772 * np.expm1(np.minimum({z}, 0.0)))",
        "np.where({z} > 0.0, 1.0507009873554805, {a} + 1.0507009873554805 * 1.6732632423543772)",
    ),
    "silu": ("{z} / (1.0 + np.exp(-{z}))", "(" + SIGMOID + " * (1.0 + {z} * (1.0 - " + SIGMOID + ")))"),
    "gelu": ("{z} * " + NORMAL, "(" + NORMAL + " + {z} * np.exp(-0.5 * {z} * {z}) / (2.0 * np.pi) ** 0.5)"),
    "gelu-tanh": (
        "0.5 * {z} * (1.0 + " + TANH_OF_GELU + ")",
        "(0.5 * (1.0 + "
        + TANH_OF_GELU
        + ") + 0.5 * {z} * (1.0 - "
        + TANH_OF_GELU
        + "**2) * (2.0 / np.pi) ** 0.5 * (1.0 + 0.134145 * {z}**2))",
    ),
    "softplus": ("np.logaddexp(0.0, {z})", "(" + SIGMOID + ")"),
    "step": ("({z} >= 0.0) * 1.0", "0.0"),
    "softmax": ("softmax({z})", None),
}
"""f(z) and its derivative, of z and a; the derivative of identity is left out, that of softmax is no factor."""


LOSS_CODE = {
    "sse": ("(({a} - y) ** 2).sum(axis=1)", "2.0 * ({a} - y)"),
    "half-sse": ("0.5 * (({a} - y) ** 2).sum(axis=1)", "({a} - y)"),
    "mse": ("(({a} - y) ** 2).mean(axis=1)", "2.0 * ({a} - y) / y.shape[1]"),
    "mae": ("np.abs({a} - y).mean(axis=1)", "np.sign({a} - y) / y.shape[1]"),
    "huber": (
        "np.where(np.abs({a} - y) <= 1.0, 0.5 * ({a} - y) ** 2, np.abs({a} - y) - 0.5).mean(axis=1)",
        "np.clip({a} - y, -1.0, 1.0) / y.shape[1]",
    ),
    "hinge": ("np.maximum(0.0, 1.0 - y * {a}).sum(axis=1)", "-y * (y * {a} < 1.0)"),
    "bce": (
        "-(y * np.log({a}) + (1.0 - y) * np.log(1.0 - {a})).sum(axis=1)",
        "((1.0 - y) / (1.0 - {a}) - y / {a})",
    ),
    "bce(n)": (
        "-({number} * y * np.log({a}) + (1.0 - y) * np.log(1.0 - {a})).sum(axis=1)",
        "((1.0 - y) / (1.0 - {a}) - {number} * y / {a})",
    ),
}
"""The losses of examples, and their derivative, of a = ŷ and y."""


FUSED_CODE = {
    ("bce", "sigmoid"): ("(np.logaddexp(0.0, {z}) - y * {z}).sum(axis=1)", "({a} - y)"),
    ("bce(n)", "sigmoid"): (
        "((1.0 - y) * np.logaddexp(0.0, {z}) + {number} * y * np.logaddexp(0.0, -{z})).sum(axis=1)",
        "((1.0 - y + {number} * y) * {a} - {number} * y)",
    ),
    ("cross-entropy", "softmax"): ("-(y * log_softmax({z})).sum(axis=1)", "({a} * y.sum(axis=1, keepdims=True) - y)"),
}
"""Losses combined with the activation, exact even if ŷ rounds to 0 or 1. The derivative is with respect to z."""


UPDATES = {
    "sgd": ("{p} - {rate} * g",),
    "momentum": ("v[n] = {momentum} * v[n] + g", "{p} - {rate} * v[n]"),
    "nesterov": ("v[n] = {momentum} * v[n] + g", "{p} - {rate} * (g + {momentum} * v[n])"),
    "adagrad": ("s[n] = s[n] + g * g", "{p} - {rate} * g / (np.sqrt(s[n]) + {epsilon})"),
    "adadelta": (
        "s[n] = {rho} * s[n] + (1.0 - {rho}) * g * g",
        "change = g * np.sqrt(d[n] + {epsilon}) / np.sqrt(s[n] + {epsilon})",
        "d[n] = {rho} * d[n] + (1.0 - {rho}) * change * change",
        "{p} - {rate} * change",
    ),
    "rmsprop": (
        "s[n] = {alpha} * s[n] + (1.0 - {alpha}) * g * g",
        "{p} - {rate} * g / (np.sqrt(s[n]) + {epsilon})",
    ),
    "adam": (
        "m[n] = {beta_1} * m[n] + (1.0 - {beta_1}) * g",
        "v[n] = {beta_2} * v[n] + (1.0 - {beta_2}) * g * g",
        "m_hat, v_hat = m[n] / (1.0 - {beta_1}**t), v[n] / (1.0 - {beta_2}**t)",
        "{p} - {rate} * m_hat / (np.sqrt(v_hat) + {epsilon})",
    ),
}


UPDATES["adamw"] = (*UPDATES["adam"][:-1], UPDATES["adam"][-1].replace("{p}", "{p} * (1.0 - {rate} * {weight_decay})"))
"""The lines of an update of one array of parameters by its gradient g; the last line is the new array."""


SLOTS = {
    "velocity": "v",
    "sum_of_squares": "s",
    "mean_square": "s",
    "mean_square_change": "d",
    "m": "m",
    "v": "v",
    "t": "t",
}
