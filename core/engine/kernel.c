/* The updates of small networks, with the same operations in the same order as elementary_numbers.py, ordered_sums.py,
 * ordered_functions.py and the optimizers: the same bits, many times faster. Nothing is fused (-ffp-contract=off), and
 * only the square root of libm is called, which IEEE 754 fixes.
 *
 * The logarithm and erfc are those of fdlibm: "Copyright (C) 1993 by Sun Microsystems, Inc. All rights
 * reserved. Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute
 * this software is freely granted, provided that this notice is preserved."
 *
 * Compiled with -DWITHOUT_PYTHON it is a plain library. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define HOT __attribute__((target_clones("avx2", "default"))) /* without fma: the same bits, more at a time */
#else
#define HOT
#endif
#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#define RESTRICT __restrict__
typedef double four __attribute__((vector_size(32), aligned(8), may_alias));
#else
#define INLINE static __forceinline
#define RESTRICT __restrict
#endif

typedef int64_t whole;
typedef double *array;
typedef const double *numbers;

/* Elementary functions: see elementary_numbers.py. */

#define ROUND 6755399441055744.0
#define LN_2_HIGH 6.93147180369123816490e-01
#define LN_2_LOW 1.90821492927058770002e-10
#define ROOT_HALF 0.7071067811865476
#define ROOT_2 1.4142135623730951
#define ROOT_2_PI 2.5066282746310002

/* The tables of tables.py; negative indices are first, from the least on. */
#define POWERS_OF_2 2048
#define LOGARITHMS 1024
#define TANGENTS 2560
#define LEAST_EXPONENT -1077
#define SCALES (1024 - LEAST_EXPONENT + 1)
typedef struct {
    double powers[POWERS_OF_2], powers_low[POWERS_OF_2], logs[LOGARITHMS + 1], logs_low[LOGARITHMS + 1];
    double tanhs[2 * TANGENTS + 1], tanhs_low[2 * TANGENTS + 1], scales[SCALES];
} Tables;
static Tables tables;

INLINE uint64_t bits_of(double x) { uint64_t bits; memcpy(&bits, &x, 8); return bits; }
INLINE double of_bits(uint64_t bits) { double x; memcpy(&x, &bits, 8); return x; }

INLINE double polynomial(double x, numbers c, int count) {
    double value = x * c[count - 1];
    value += c[count - 2];
    for (int n = count - 3; n >= 0; n--) {
        value *= x;
        value += c[n];
    }
    return value;
}
#define POLYNOMIAL(x, c) polynomial(x, c, (int)(sizeof(c) / sizeof(*c)))

static const double L[] = {6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01,
                           2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01,
                           1.479819860511658591e-01};

/* r, t, the rounding error of t and a scale: the exponential of x is that of r, times t, times the scale. */
#define POWERS_AT(x, number)                                                                     \
    double k = number;                                                                           \
    uint64_t j = bits_of(k) - (bits_of(ROUND) + (uint64_t)(int64_t)(LEAST_EXPONENT * POWERS_OF_2)); \
    k -= ROUND;                                                                                  \
    double r = x - k * (LN_2_HIGH / POWERS_OF_2) - k * (LN_2_LOW / POWERS_OF_2);                 \
    double scale = tables.scales[j >> 11], t = tables.powers[j & (POWERS_OF_2 - 1)];             \
    double low = tables.powers_low[j & (POWERS_OF_2 - 1)];

/* For NaN the limits are computed instead; the result is NaN in the end. */
INLINE double exp_of(double number) {
    double x = number > -746.0 ? number : -746.0;
    x = x < 710.0 ? x : 710.0;
    POWERS_AT(x, x * 2954.639443740597 + ROUND)
    double e = (((r * 0.1666666666666667 + 0.500000000988) * r * r + r) * t + low + t) * scale;
    return number == number ? e : number;
}

INLINE double expm1_of(double number) {
    double x = number > -50.0 ? number : -50.0;
    double nearest = x * 2954.639443740597 + ROUND;
    POWERS_AT(x, nearest == ROUND - 1.0 ? ROUND : nearest) /* nothing cancels next to 0 */
    double p = (((r * 0.0416613532617046 + 0.16666666635221294) * r + 0.5000000000001511) * r * r + r) * t + low;
    p *= scale;
    t *= scale;
    double e = t + p;
    e = (e - 1.0) + (p - (e - t));
    return number == number ? e : number;
}

INLINE double log_by(double k, double f) {
    double s = f / (2.0 + f), z = s * s, R, half_square;
    R = POLYNOMIAL(z, L);
    R *= z;
    half_square = f * f;
    half_square *= 0.5;
    R += half_square;
    R *= s;
    R += k * LN_2_LOW;
    half_square -= R;
    half_square -= f;
    return k * LN_2_HIGH - half_square;
}

INLINE double log_of(double x) {
    double shift = 0.0, y = x;
    if (x < 2.2250738585072014e-308) {
        y = x * 18014398509481984.0; /* 2^54: no subnormal number has the usual exponent */
        shift = 54.0;
    }
    uint64_t bits = bits_of(y);
    double k = (double)(int64_t)((bits >> 52) & 2047) - 1022.0 - shift;
    double f = of_bits((bits & UINT64_C(0x000FFFFFFFFFFFFF)) | UINT64_C(0x3FE0000000000000));
    int is_small = f < ROOT_HALF;
    f = is_small ? 2.0 * f : f;
    k = is_small ? k - 1.0 : k;
    double log = log_by(k, f - 1.0);
    return x > 0.0 ? (x < INFINITY ? log : x) : (x == 0.0 ? -INFINITY : NAN);
}

INLINE double tanh_of(double number) {
    double x = number > -20.0 ? number : -20.0;
    x = x < 20.0 ? x : 20.0;
    double a = x + ROUND / 128;
    uint64_t j = bits_of(a) - (bits_of(ROUND / 128) - TANGENTS);
    a -= ROUND / 128;
    double r = x - a, t = tables.tanhs[j], square = r * r;
    double s = (square * -0.022222177169656594 + 0.3333333333331202) * square + t * r;
    t = r + tables.tanhs_low[j] - (t * t + s) / (s + 1.0) * r + t;
    return number == number ? t : number;
}

INLINE double sigmoid_by(double x, double e) { return (x < 0.0 ? e : 1.0) / (1.0 + e); }

INLINE double sigmoid_of(double x) { return sigmoid_by(x, exp_of(-fabs(x))); }

INLINE double softplus_by(double x, double e) {
    double number = e == e ? e : 0.0, a = number + ROUND / LOGARITHMS;
    uint64_t j = bits_of(a) - bits_of(ROUND / LOGARITHMS);
    a -= ROUND / LOGARITHMS;
    double r = (number - a) / (a + 1.0);
    double s = (((r * -0.2 + 0.25) * r + -0.3333333333333333) * r + 0.5) * r * r;
    return r - (s - tables.logs_low[j]) + tables.logs[j] + (x <= 0.0 ? 0.0 : x);
}

INLINE double softplus_of(double x) { return softplus_by(x, exp_of(-fabs(x))); }

static const double PP[] = {1.28379167095512558561e-01, -3.25042107247001499370e-01, -2.84817495755985104766e-02,
                            -5.77027029648944159157e-03, -2.37630166566501626084e-05};
static const double QQ[] = {1.0, 3.97917223959155352819e-01, 6.50222499887672944485e-02, 5.08130628187576562776e-03,
                            1.32494738004321644526e-04, -3.96022827877536812320e-06};
static const double PA[] = {-2.36211856075265944077e-03, 4.14856118683748331666e-01, -3.72207876035701323847e-01,
                            3.18346619901161753674e-01, -1.10894694282396677476e-01, 3.54783043256182359371e-02,
                            -2.16637559486879084300e-03};
static const double QA[] = {1.0, 1.06420880400844228286e-01, 5.40397917702171048937e-01, 7.18286544141962662868e-02,
                            1.26171219808761642112e-01, 1.36370839120290507362e-02, 1.19844998467991074170e-02};
static const double RA[] = {-9.86494403484714822705e-03, -6.93858572707181764372e-01, -1.05586262253232909814e+01,
                            -6.23753324503260060396e+01, -1.62396669462573470355e+02, -1.84605092906711035994e+02,
                            -8.12874355063065934246e+01, -9.81432934416914548592e+00};
static const double SA[] = {1.0, 1.96512716674392571292e+01, 1.37657754143519042600e+02, 4.34565877475229228821e+02,
                            6.45387271733267880336e+02, 4.29008140027567833386e+02, 1.08635005541779435134e+02,
                            6.57024977031928170135e+00, -6.04244152148580987438e-02};
static const double RB[] = {-9.86494292470009928597e-03, -7.99283237680523006574e-01, -1.77579549177547519889e+01,
                            -1.60636384855821916062e+02, -6.37566443368389627722e+02, -1.02509513161107724954e+03,
                            -4.83519191608651397019e+02};
static const double SB[] = {1.0, 3.03380607434824582924e+01, 3.25792512996573918826e+02, 1.53672958608443695994e+03,
                            3.19985821950859553908e+03, 2.55305040643316442583e+03, 4.74528541206955367215e+02,
                            -2.24409524465858183362e+01};
#define ERX 8.45062911510467529297e-01

static double erfc_of(double x) {
    double size = fabs(x), quotient;
    if (!(size < 28.0))
        return x != x ? x : x > 0.0 ? 0.0 : 2.0;
    if (size < 0.84375) {
        double z = x * x, product = x * (POLYNOMIAL(z, PP) / POLYNOMIAL(z, QQ));
        return x < 0.25 ? 1.0 - (x + product) : 0.5 - (product + (x - 0.5));
    }
    if (size < 1.25) {
        double s = size - 1.0;
        quotient = POLYNOMIAL(s, PA) / POLYNOMIAL(s, QA);
        return x > 0.0 ? (1.0 - ERX) - quotient : 1.0 + (ERX + quotient);
    }
    double s = 1.0 / (x * x);
    if (size < 1 / 0.35)
        quotient = POLYNOMIAL(s, RA) / POLYNOMIAL(s, SA);
    else
        quotient = POLYNOMIAL(s, RB) / POLYNOMIAL(s, SB);
    double product = 134217729.0 * size, high = product - (product - size);
    double tail = exp_of(-high * high - 0.5625) * exp_of((high - size) * (high + size) + quotient) / size;
    return x > 0.0 ? tail : 2.0 - tail;
}

static double normal_distribution_of(double x) { return 0.5 * erfc_of(x / -ROOT_2); }

static double power_of(double base, double n) {
    double product = 1.0;
    for (uint64_t left = (uint64_t)n; left; left >>= 1) {
        if (left & 1)
            product *= base;
        base *= base;
    }
    return product;
}

/* Sums: see ordered_sums.py. Each element of a product adds its terms in order; several terms are added to 0. */

#if defined(__GNUC__)
INLINE void block(const int R, const int V, array out, whole columns, whole inner, numbers left, whole row, whole step,
                  numbers right) {
    double begin = inner > 1 ? 0.0 : -0.0; /* -0 plus the first term is that term, even -0 */
    four sum[4][2];
#pragma GCC unroll 4
    for (int i = 0; i < R; i++)
#pragma GCC unroll 2
        for (int v = 0; v < V; v++)
            sum[i][v] = begin + left[i * row] * *(const four *)(right + 4 * v);
    for (whole n = 1; n < inner; n++) {
        left += step;
        right += columns;
#pragma GCC unroll 4
        for (int i = 0; i < R; i++)
#pragma GCC unroll 2
            for (int v = 0; v < V; v++)
                sum[i][v] += left[i * row] * *(const four *)(right + 4 * v);
    }
#pragma GCC unroll 4
    for (int i = 0; i < R; i++)
#pragma GCC unroll 2
        for (int v = 0; v < V; v++)
            *(four *)(out + i * columns + 4 * v) = sum[i][v];
}
#endif

/* out (rows, columns) = left × right (inner, columns); left has these strides of its rows and its terms. */
HOT static void multiply(array out, whole rows, whole inner, whole columns, numbers left, whole row, whole step,
                         numbers right) {
    for (whole i = 0; i < rows;) {
        whole few = rows - i >= 4 ? 4 : 1, j = 0;
        numbers from = left + i * row;
        array to = out + i * columns;
#if defined(__GNUC__)
        if (few == 4) {
            for (; j + 8 <= columns; j += 8)
                block(4, 2, to + j, columns, inner, from, row, step, right + j);
            for (; j + 4 <= columns; j += 4)
                block(4, 1, to + j, columns, inner, from, row, step, right + j);
        } else {
            for (; j + 8 <= columns; j += 8)
                block(1, 2, to + j, columns, inner, from, row, step, right + j);
            for (; j + 4 <= columns; j += 4)
                block(1, 1, to + j, columns, inner, from, row, step, right + j);
        }
#endif
        for (; j < columns; j++)
            for (whole m = 0; m < few; m++) {
                double sum = (inner > 1 ? 0.0 : -0.0) + from[m * row] * right[j];
                for (whole n = 1; n < inner; n++)
                    sum += from[m * row + n * step] * right[n * columns + j];
                to[m * columns + j] = sum;
            }
        i += few;
    }
}

/* The training and its memory: see kernel_memory.py, which has the same fields in the same order. */

enum { IDENTITY, SIGMOID, TANH, RELU, LEAKY_RELU, ELU, SELU, SILU, GELU, GELU_TANH, SOFTPLUS, SOFTMAX };
enum { SSE, HALF_SSE, MSE, MAE, BCE, CROSS_ENTROPY, HINGE, HUBER };
enum { SGD, MOMENTUM, NESTEROV, ADAGRAD, ADADELTA, RMSPROP, ADAM, ADAMW };
enum { NO_BIAS, SHARED, PER_NEURON };
enum { ON_LOSS, ON_GRADIENT, ON_WEIGHTS };
enum { NOTHING, TRAIN, TEST };
enum { COMPLETE, REACHED_STOP, LOSS_NOT_FINITE, GRADIENT_NOT_FINITE, UPDATE_NOT_FINITE };

typedef struct {
    whole layers, bias, loss_kind, optimizer, share, examples, batch;
    whole parameters_size, trained_size, weights_size;
    const whole *sizes;        /* the inputs first */
    const whole *activations;  /* of each layer */
    numbers activation_numbers;
    numbers settings;          /* of the optimizer */
    whole divides_by_weights, penalized_size, penalty_acts, watched;
    double l1, l2, clip_value, clip_norm;
    numbers X, y, weights;     /* weights: the weight of each example, or NULL */
    numbers test_X, test_y, test_weights; /* held out */
    const whole *test_classes; /* the class of each, or NULL without classes */
    whole test_examples;
    double middle;             /* a single output from this on is class 1 */
    /* memory, as a Workspace has it */
    array forward, backward, gradient, clipped, transposed, batch_X, batch_y, batch_weights, decayed;
    array parameters[2];       /* before and after an update */
    array slots[2][3];
    /* the arguments of a call */
    whole most, epoch, position, is_step, by_update;
    const whole *orders;       /* of each epoch from the current one on; or NULL */
    numbers rates;             /* the same */
    double least_loss;
    whole patience;            /* epochs without a lower loss; -1 for no end */
    array losses, gradients;   /* of each update; or NULL */
    whole keep_every;          /* steps between two kept states; 0 for none */
    whole keep_first;          /* updates before the first of them */
    array kept;                /* parameters and slots, one state after the other */
    array test_losses;         /* at the end of each epoch; or NULL */
    whole *test_right;         /* the number of correct held-out examples */
    /* the results */
    whole done, ending, present, kept_count, test_count;
    double loss, price;
    double best_loss[2];       /* the watched loss, before and after the last update */
    whole epochs_since[2];
} Plan;

HOT static void activate(whole kind, double number, whole rows, whole n, numbers RESTRICT z, array RESTRICT a) {
    whole count = rows * n;
#define EACH(value)                     \
    for (whole i = 0; i < count; i++) { \
        double x = z[i];                \
        a[i] = value;                   \
    }                                   \
    break;
    switch (kind) {
    case IDENTITY: EACH(x)
    case SIGMOID: EACH(sigmoid_of(x))
    case TANH: EACH(tanh_of(x))
    case RELU: EACH(x <= 0.0 ? 0.0 : x)
    case LEAKY_RELU: EACH(x > 0.0 ? x : number * x)
    case ELU: EACH(x > 0.0 ? x : number * expm1_of(x > 0.0 ? 0.0 : x))
    case SELU: EACH(1.0507009873554805 * (x > 0.0 ? x : 1.6732632423543772 * expm1_of(x > 0.0 ? 0.0 : x)))
    case SILU: EACH(x * sigmoid_of(x))
    case GELU: EACH(x * normal_distribution_of(x))
    case GELU_TANH: EACH(0.5 * x * (1.0 + tanh_of(0.7978845608028654 * (x + 0.044715 * (x * x * x)))))
    case SOFTPLUS: EACH(softplus_of(x))
    }
#undef EACH
}

/* The softmax of each row; also ln of the sum of the exponentials, unless the pointer is NULL. */
HOT static void softmax(whole rows, whole n, numbers RESTRICT z, array RESTRICT a, array RESTRICT log_sum) {
    for (whole i = 0; i < rows; i++) {
        double most = z[i * n];
        for (whole j = 1; j < n; j++)
            most = z[i * n + j] > most || z[i * n + j] != z[i * n + j] ? z[i * n + j] : most;
        if (log_sum)
            log_sum[i] = most;
        for (whole j = 0; j < n; j++)
            a[i * n + j] = z[i * n + j] - most;
    }
    for (whole i = 0; i < rows * n; i++)
        a[i] = exp_of(a[i]);
    for (whole i = 0; i < rows; i++) {
        double total = a[i * n];
        for (whole j = 1; j < n; j++)
            total += a[i * n + j];
        for (whole j = 0; j < n; j++)
            a[i * n + j] /= total;
        if (log_sum)
            log_sum[i] = log_sum[i] + log_of(total);
    }
}

HOT static void pass_back(whole kind, double number, whole rows, whole n, numbers RESTRICT da, numbers RESTRICT z,
                          numbers RESTRICT a, array RESTRICT dz) {
    whole count = rows * n;
#define EACH(value)                      \
    for (whole i = 0; i < count; i++) {  \
        double x = z[i], f = a[i], s, t; \
        (void)x, (void)f, (void)s, (void)t; \
        dz[i] = da[i] * (value);         \
    }                                    \
    break;
    switch (kind) {
    case IDENTITY: EACH(1.0)
    case SIGMOID: EACH(f * (1.0 - f))
    case TANH: EACH(1.0 - f * f)
    case RELU: EACH(x > 0.0 ? 1.0 : 0.0)
    case LEAKY_RELU: EACH(x > 0.0 ? 1.0 : number)
    case ELU: EACH(x > 0.0 ? 1.0 : f + number)
    case SELU: EACH(x > 0.0 ? 1.0507009873554805 : f + 1.0507009873554805 * 1.6732632423543772)
    case SILU: EACH((s = sigmoid_of(x), s + f * (1.0 - s)))
    case GELU: EACH(normal_distribution_of(x) + x * exp_of(-0.5 * x * x) / ROOT_2_PI)
    case GELU_TANH:
        EACH((t = tanh_of(0.7978845608028654 * (x + 0.044715 * (x * x * x))),
              0.5 * (1.0 + t)
                  + 0.5 * x * (1.0 - t * t) * 0.7978845608028654 * (1.0 + 3.0 * 0.044715 * x * x)))
    case SOFTPLUS: EACH(sigmoid_of(x))
    case SOFTMAX:
        for (whole i = 0; i < rows; i++) {
            double sum = da[i * n] * a[i * n];
            for (whole j = 1; j < n; j++)
                sum += da[i * n + j] * a[i * n + j];
            for (whole j = 0; j < n; j++)
                dz[i * n + j] = a[i * n + j] * (da[i * n + j] - sum);
        }
    }
#undef EACH
}

/* Losses: see ordered_functions.py. */

INLINE double x_log_y(double x, double y) {
    double product = x * log_of(y);
    return x == 0.0 ? 0.0 : product;
}

INLINE double x_over_y(double x, double y) { return x == 0.0 ? 0.0 : x / y; }

INLINE double loss_of_one(whole loss, double y_hat, double y) {
    double error = y_hat - y, size = fabs(error), slack;
    switch (loss) {
    case SSE: case HALF_SSE: case MSE: return error * error;
    case MAE: return size;
    case HUBER: return size <= 1.0 ? 0.5 * size * size : size - 0.5;
    case HINGE: slack = 1.0 - y * y_hat; return slack <= 0.0 ? 0.0 : slack;
    case BCE: return x_log_y(y, y_hat) + x_log_y(1.0 - y, 1.0 - y_hat);
    default: return x_log_y(y, y_hat);
    }
}

INLINE double loss_of_sum(whole loss, double sum, whole n) {
    switch (loss) {
    case HALF_SSE: return 0.5 * sum;
    case MSE: case MAE: case HUBER: return sum / (double)n;
    case BCE: case CROSS_ENTROPY: return -sum;
    default: return sum;
    }
}

HOT static void head(whole kind, double number, whole loss, whole rows, whole n, numbers RESTRICT z, array RESTRICT a,
                     numbers RESTRICT y, array RESTRICT losses, array RESTRICT parts) {
    if (loss == BCE && kind == SIGMOID) {
        for (whole i = 0; i < rows * n; i++) {
            double e = exp_of(-fabs(z[i]));
            a[i] = sigmoid_by(z[i], e);
            parts[i] = softplus_by(z[i], e) - y[i] * z[i];
        }
        for (whole i = 0; i < rows; i++) {
            double sum = parts[i * n];
            for (whole j = i * n + 1; j < (i + 1) * n; j++)
                sum += parts[j];
            losses[i] = sum;
        }
        return;
    }
    if (loss == CROSS_ENTROPY && kind == SOFTMAX) {
        softmax(rows, n, z, a, losses);
        for (whole i = 0; i < rows; i++) {
            double log_sum = losses[i], sum = y[i * n] * (log_sum - z[i * n]);
            for (whole j = i * n + 1; j < (i + 1) * n; j++)
                sum += y[j] * (log_sum - z[j]);
            losses[i] = sum;
        }
        return;
    }
    if (kind == SOFTMAX)
        softmax(rows, n, z, a, NULL);
    else
        activate(kind, number, rows, n, z, a);
    for (whole i = 0; i < rows; i++) {
        double sum = loss_of_one(loss, a[i * n], y[i * n]);
        for (whole j = i * n + 1; j < (i + 1) * n; j++)
            sum += loss_of_one(loss, a[j], y[j]);
        losses[i] = loss_of_sum(loss, sum, n);
    }
}

INLINE double slope_of(whole loss, double y_hat, double y, double n) {
    double error = y_hat - y;
    switch (loss) {
    case SSE: return 2.0 * error;
    case HALF_SSE: return error;
    case MSE: return 2.0 * error / n;
    case MAE: return (error > 0.0 ? 1.0 : error < 0.0 ? -1.0 : error == 0.0 ? 0.0 : error) / n;
    case HUBER: return (error < -1.0 ? -1.0 : error > 1.0 ? 1.0 : error) / n;
    case HINGE: return -y * (y * y_hat < 1.0 ? 1.0 : 0.0);
    case BCE: return x_over_y(1.0 - y, 1.0 - y_hat) - x_over_y(y, y_hat);
    default: return -x_over_y(y, y_hat);
    }
}

/* The divisor of the sum of this many examples' losses. */
static double divisor_of(const Plan *plan, whole rows, numbers weights) {
    double count = (double)rows;
    if (weights && plan->divides_by_weights) {
        count = weights[0];
        for (whole i = 1; i < rows; i++)
            count += weights[i];
    }
    return plan->share ? count * (double)plan->share : 1.0;
}

/* Multiply each row by the factor of its example. */
static void weigh(whole rows, whole n, numbers weights, double divisor, array gradients) {
    for (whole i = 0; i < rows; i++) {
        double weight = weights[i] / divisor;
        for (whole j = i * n; j < (i + 1) * n; j++)
            gradients[j] *= weight;
    }
}

static void head_back(const Plan *plan, whole rows, whole n, numbers z, numbers a, numbers y, numbers weights, array da,
                      array dz) {
    whole kind = plan->activations[plan->layers - 1], loss = plan->loss_kind;
    double divisor = divisor_of(plan, rows, weights);
    double weight = weights ? 1.0 : 1.0 / divisor; /* a product with 1 is exact */
    if (loss == BCE && kind == SIGMOID) {
        for (whole i = 0; i < rows * n; i++)
            dz[i] = (a[i] - y[i]) * weight;
    } else if (loss == CROSS_ENTROPY && kind == SOFTMAX) {
        for (whole i = 0; i < rows; i++) {
            double sum = y[i * n];
            for (whole j = i * n + 1; j < (i + 1) * n; j++)
                sum += y[j];
            for (whole j = i * n; j < (i + 1) * n; j++)
                dz[j] = (a[j] * sum - y[j]) * weight;
        }
    } else {
        for (whole i = 0; i < rows * n; i++)
            da[i] = slope_of(loss, a[i], y[i], (double)n) * weight;
        if (weights)
            weigh(rows, n, weights, divisor, da);
        pass_back(kind, plan->activation_numbers[plan->layers - 1], rows, n, da, z, a, dz);
        return;
    }
    if (weights)
        weigh(rows, n, weights, divisor, dz);
}

/* The optimizers: see core/functions/optimizers.py. */

HOT static void update(const Plan *plan, double rate, numbers RESTRICT w, numbers RESTRICT g, numbers RESTRICT s,
                       numbers RESTRICT d, array RESTRICT w_new, array RESTRICT s_new, array RESTRICT d_new) {
    numbers settings = plan->settings;
    double m1 = settings[0], m2 = settings[1], epsilon = settings[2], decay = settings[3];
    whole count = plan->trained_size;
    switch (plan->optimizer) {
    case SGD:
        for (whole i = 0; i < count; i++)
            w_new[i] = w[i] - rate * g[i];
        break;
    case MOMENTUM:
        for (whole i = 0; i < count; i++) {
            s_new[i] = m1 * s[i] + g[i];
            w_new[i] = w[i] - rate * s_new[i];
        }
        break;
    case NESTEROV:
        for (whole i = 0; i < count; i++) {
            s_new[i] = m1 * s[i] + g[i];
            w_new[i] = w[i] - rate * (g[i] + m1 * s_new[i]);
        }
        break;
    case ADAGRAD:
        for (whole i = 0; i < count; i++) {
            s_new[i] = s[i] + g[i] * g[i];
            w_new[i] = w[i] - rate * g[i] / (sqrt(s_new[i]) + epsilon);
        }
        break;
    case ADADELTA:
        for (whole i = 0; i < count; i++) {
            s_new[i] = m1 * s[i] + (1.0 - m1) * g[i] * g[i];
            double change = g[i] * sqrt(d[i] + epsilon) / sqrt(s_new[i] + epsilon);
            d_new[i] = m1 * d[i] + (1.0 - m1) * change * change;
            w_new[i] = w[i] - rate * change;
        }
        break;
    case RMSPROP:
        for (whole i = 0; i < count; i++) {
            s_new[i] = m1 * s[i] + (1.0 - m1) * g[i] * g[i];
            w_new[i] = w[i] - rate * g[i] / (sqrt(s_new[i]) + epsilon);
        }
        break;
    case ADAM: case ADAMW: {
        whole next = !plan->present;
        double t = plan->slots[plan->present][2][0] + 1.0;
        double share_1 = 1.0 - power_of(m1, t), share_2 = 1.0 - power_of(m2, t);
        double kept = plan->optimizer == ADAMW ? 1.0 - rate * decay : 1.0; /* a product with 1 is exact */
        plan->slots[next][2][0] = t;
        for (whole i = 0; i < count; i++) {
            s_new[i] = m1 * s[i] + (1.0 - m1) * g[i];
            d_new[i] = m2 * d[i] + (1.0 - m2) * g[i] * g[i];
            w_new[i] = w[i] * kept - rate * (s_new[i] / share_1) / (sqrt(d_new[i] / share_2) + epsilon);
        }
    }
    }
}

/* The passes. */

HOT static double largest_of(numbers g, whole count) {
    double most = 0.0, wrong = 0.0;
    for (whole i = 0; i < count; i++) {
        double size = fabs(g[i]);
        most = size > most ? size : most;
        wrong += g[i] * 0.0;
    }
    return wrong == 0.0 ? most : NAN;
}

HOT static int is_finite(numbers w, whole count) {
    double wrong = 0.0;
    for (whole i = 0; i < count; i++)
        wrong += w[i] * 0.0;
    return wrong == 0.0;
}

INLINE double bias_of(const Plan *plan, numbers b, whole neuron) {
    return plan->bias == PER_NEURON ? b[neuron] : plan->bias == SHARED ? b[0] : 0.0;
}

static double forward_pass(Plan *plan, whole rows, numbers W, numbers X, numbers y, numbers weights) {
    const whole *sizes = plan->sizes;
    whole layers = plan->layers, outputs = 0;
    for (whole n = 1; n <= layers; n++)
        outputs += rows * sizes[n];
    array z = plan->forward, a = z + outputs, losses = a + outputs;
    numbers b = W + plan->weights_size, from = X;
    for (whole n = 0; n < layers; n++) {
        whole n_in = sizes[n], n_out = sizes[n + 1];
        if (rows < 4) {
            double begin = n_in > 1 ? 0.0 : -0.0; /* of the sum; with the bias: the same bits, sooner */
            for (whole i = 0; i < rows; i++)
                for (whole j = 0; j < n_out; j++) {
                    double sum = from[i * n_in] * W[j * n_in];
                    for (whole k = 1; k < n_in; k++)
                        sum += from[i * n_in + k] * W[j * n_in + k];
                    z[i * n_out + j] = sum + (begin + bias_of(plan, b, j));
                }
        } else {
            numbers right = W;
            if (n_out > 1) {
                for (whole j = 0; j < n_out; j++)
                    for (whole k = 0; k < n_in; k++)
                        plan->transposed[k * n_out + j] = W[j * n_in + k];
                right = plan->transposed;
            }
            multiply(z, rows, n_in, n_out, from, n_in, 1, right);
            for (whole i = 0; i < rows; i++)
                for (whole j = 0; j < n_out; j++)
                    z[i * n_out + j] += bias_of(plan, b, j);
        }
        if (n < layers - 1)
            activate(plan->activations[n], plan->activation_numbers[n], rows, n_out, z, a);
        else
            head(plan->activations[n], plan->activation_numbers[n], plan->loss_kind, rows, n_out, z, a, y, losses,
                 plan->backward);
        from = a;
        W += n_out * n_in;
        b += plan->bias == PER_NEURON ? n_out : plan->bias == SHARED;
        z += rows * n_out;
        a += rows * n_out;
    }
    double total = weights ? losses[0] * weights[0] : losses[0];
    for (whole i = 1; i < rows; i++)
        total += weights ? losses[i] * weights[i] : losses[i];
    return total / divisor_of(plan, rows, weights);
}

static int is_in_loss(const Plan *plan) {
    return plan->penalty_acts == ON_LOSS && (plan->l1 != 0.0 || plan->l2 != 0.0);
}

static int is_in_update(const Plan *plan) {
    return plan->penalty_acts != ON_LOSS && (plan->l1 != 0.0 || plan->l2 != 0.0);
}

/* The derivative of the penalty by a parameter. */
INLINE double decay_of(const Plan *plan, double w) {
    double sign = w > 0.0 ? 1.0 : w < 0.0 ? -1.0 : w == 0.0 ? 0.0 : w;
    return plan->l1 * sign + plan->l2 * w;
}

static double price_of(const Plan *plan, numbers W) {
    double l1 = 0.0, l2 = 0.0;
    if (plan->l1 != 0.0)
        for (whole i = 0; i < plan->penalized_size; i++)
            l1 = i ? l1 + fabs(W[i]) : fabs(W[i]);
    if (plan->l2 != 0.0)
        for (whole i = 0; i < plan->penalized_size; i++)
            l2 = i ? l2 + W[i] * W[i] : W[i] * W[i];
    return plan->l1 * l1 + 0.5 * plan->l2 * l2;
}

static void backward_pass(Plan *plan, whole rows, numbers parameters, numbers X, numbers y, numbers weights) {
    const whole *sizes = plan->sizes;
    whole layers = plan->layers, outputs = 0;
    for (whole n = 1; n <= layers; n++)
        outputs += rows * sizes[n];
    array z = plan->forward + outputs, a = z + outputs, dz = plan->backward + outputs, da = dz + outputs;
    numbers W = parameters + plan->weights_size;
    array dW = plan->gradient + plan->weights_size, db = plan->gradient + plan->parameters_size;
    for (whole n = layers - 1; n >= 0; n--) {
        whole n_in = sizes[n], n_out = sizes[n + 1], count = rows * n_out;
        z -= count, a -= count, dz -= count, da -= count, W -= n_out * n_in, dW -= n_out * n_in;
        if (n == layers - 1)
            head_back(plan, rows, n_out, z, a, y, weights, da, dz);
        else
            pass_back(plan->activations[n], plan->activation_numbers[n], rows, n_out, da, z, a, dz);
        multiply(dW, n_out, rows, n_in, dz, 1, n_out, n ? a - rows * n_in : X);
        if (plan->bias == PER_NEURON) {
            db -= n_out;
            memcpy(db, dz, (size_t)n_out * sizeof(double));
            for (whole i = 1; i < rows; i++)
                for (whole j = 0; j < n_out; j++)
                    db[j] += dz[i * n_out + j];
        } else if (plan->bias == SHARED) {
            db -= 1;
            db[0] = dz[0];
            for (whole i = 1; i < count; i++)
                db[0] += dz[i];
        }
        if (n)
            multiply(da - rows * n_in, rows, n_out, n_in, dz, n_out, 1, W);
    }
    for (whole i = 0; is_in_loss(plan) && i < plan->penalized_size; i++)
        plan->gradient[i] = plan->gradient[i] + decay_of(plan, parameters[i]);
}

/* Clip the gradient. */
static numbers clipped_by(const Plan *plan) {
    numbers gradient = plan->gradient;
    whole count = plan->trained_size;
    double value = plan->clip_value, norm = plan->clip_norm;
    if (value < INFINITY) {
        for (whole i = 0; i < count; i++)
            plan->clipped[i] = gradient[i] < -value ? -value : gradient[i] > value ? value : gradient[i];
        gradient = plan->clipped;
    }
    if (norm < INFINITY) {
        double sum = 0.0;
        for (whole i = 0; i < count; i++)
            sum = i ? sum + gradient[i] * gradient[i] : gradient[i] * gradient[i];
        double length = sqrt(sum);
        if (length > norm) {
            double share = norm / length;
            for (whole i = 0; i < count; i++)
                plan->clipped[i] = gradient[i] * share;
            gradient = plan->clipped;
        }
    }
    return gradient;
}

/* The parameters and the gradient of an update, if the penalty acts on the gradient or on the weights. */
static void decay(const Plan *plan, double rate, numbers *W, numbers *gradient) {
    for (whole i = 0; i < plan->trained_size; i++) {
        double each = i < plan->penalized_size ? decay_of(plan, (*W)[i]) : 0.0;
        if (plan->penalty_acts == ON_GRADIENT)
            plan->clipped[i] = (*gradient)[i] + each;
        else
            plan->decayed[i] = (*W)[i] - rate * each;
    }
    *(plan->penalty_acts == ON_GRADIENT ? gradient : W) =
        plan->penalty_acts == ON_GRADIENT ? plan->clipped : plan->decayed;
}

static void keep(Plan *plan) {
    static const whole sizes[8][3] = {{0}, {1}, {1}, {1}, {1, 1}, {1}, {1, 1, 2}, {1, 1, 2}};
    array to = plan->kept;
    memcpy(to, plan->parameters[plan->present], (size_t)plan->parameters_size * sizeof(double));
    to += plan->parameters_size;
    for (int slot = 0; slot < 3; slot++) {
        whole kind = sizes[plan->optimizer][slot], count = kind == 2 ? 1 : kind ? plan->trained_size : 0;
        if (count)
            memcpy(to, plan->slots[plan->present][slot], (size_t)count * sizeof(double));
        to += count;
    }
    *to++ = plan->best_loss[1];
    *to++ = (double)plan->epochs_since[1];
    plan->kept = to;
    plan->kept_count++;
}

/* The examples of the next batch: a part of the data if they are consecutive, otherwise a copy. */
static void batch_of(const Plan *plan, const whole *order, whole rows, numbers *X, numbers *y, numbers *weights) {
    whole first = plan->position * plan->batch, n_in = plan->sizes[0], n_out = plan->sizes[plan->layers];
    if (!order) {
        *X = plan->X + first * n_in;
        *y = plan->y + first * n_out;
        *weights = plan->weights ? plan->weights + first : NULL;
        return;
    }
    for (whole i = 0; i < rows; i++) {
        whole example = order[first + i];
        memcpy(plan->batch_X + i * n_in, plan->X + example * n_in, (size_t)n_in * sizeof(double));
        memcpy(plan->batch_y + i * n_out, plan->y + example * n_out, (size_t)n_out * sizeof(double));
        if (plan->weights)
            plan->batch_weights[i] = plan->weights[example];
    }
    *X = plan->batch_X;
    *y = plan->batch_y;
    *weights = plan->weights ? plan->batch_weights : NULL;
}

/* The loss of the held-out examples, and the number of correct ones. */
static void evaluate(Plan *plan) {
    whole rows = plan->test_examples, n = plan->sizes[plan->layers], outputs = 0, right = 0;
    double loss = forward_pass(plan, rows, plan->parameters[plan->present], plan->test_X, plan->test_y,
                               plan->test_weights);
    for (whole layer = 1; layer <= plan->layers; layer++)
        outputs += rows * plan->sizes[layer];
    numbers y_hat = plan->forward + 2 * outputs - rows * n;
    for (whole i = 0; plan->test_classes && i < rows; i++) {
        whole class = n == 1 ? y_hat[i] >= plan->middle : 0;
        double most = y_hat[i * n] == y_hat[i * n] ? y_hat[i * n] : 0.0;
        for (whole j = 1; j < n; j++) {
            double each = y_hat[i * n + j] == y_hat[i * n + j] ? y_hat[i * n + j] : 0.0;
            if (each > most) {
                most = each;
                class = j;
            }
        }
        right += class == plan->test_classes[i];
    }
    plan->test_losses[plan->test_count] = loss + 0.0;
    plan->test_right[plan->test_count] = right;
    plan->test_count++;
}

/* The lowest loss at the end of an epoch so far, and the epochs since then. */
static void watch(Plan *plan) {
    numbers W = plan->parameters[plan->present];
    double loss;
    if (plan->watched == TRAIN) {
        loss = forward_pass(plan, plan->examples, W, plan->X, plan->y, plan->weights);
        loss += is_in_loss(plan) ? price_of(plan, W) : 0.0;
    } else
        loss = forward_pass(plan, plan->test_examples, W, plan->test_X, plan->test_y, plan->test_weights);
    plan->epochs_since[1] = loss < plan->best_loss[1] ? 0 : plan->epochs_since[1] + 1;
    if (loss < plan->best_loss[1])
        plan->best_loss[1] = loss + 0.0;
}

/* Make this many updates, fewer if a number is not finite or a loss is reached; with `is_step`, always one. */
void nn_tui_run(Plan *plan) {
    const whole *order = plan->orders;
    numbers rate = plan->rates, X, y, weights;
    plan->done = plan->kept_count = plan->test_count = 0;
    plan->ending = COMPLETE;
    while (plan->done < plan->most) {
        whole rows = plan->examples - plan->position * plan->batch, next = !plan->present;
        rows = rows < plan->batch ? rows : plan->batch;
        if (!plan->is_step && plan->patience >= 0 && plan->epochs_since[1] >= plan->patience) {
            plan->ending = REACHED_STOP;
            return;
        }
        numbers W = plan->parameters[plan->present], gradient;
        batch_of(plan, order, rows, &X, &y, &weights);
        plan->loss = forward_pass(plan, rows, W, X, y, weights);
        if (is_in_loss(plan)) {
            plan->price = price_of(plan, W);
            plan->loss = plan->loss + plan->price;
        } else
            plan->loss = plan->loss + 0.0;
        if (!plan->is_step) {
            plan->ending = !(fabs(plan->loss) < INFINITY) ? LOSS_NOT_FINITE
                           : plan->loss <= plan->least_loss ? REACHED_STOP : COMPLETE;
            if (plan->ending != COMPLETE)
                return;
        }
        backward_pass(plan, rows, W, X, y, weights);
        double largest = largest_of(plan->gradient, plan->parameters_size);
        if (!plan->is_step && largest != largest) {
            plan->ending = GRADIENT_NOT_FINITE;
            return;
        }
        array *slots = plan->slots[plan->present], *new_slots = plan->slots[next], w_new = plan->parameters[next];
        gradient = clipped_by(plan);
        numbers old = W;
        if (is_in_update(plan))
            decay(plan, *rate, &old, &gradient);
        update(plan, *rate, old, gradient, slots[0], slots[1], w_new, new_slots[0], new_slots[1]);
        memcpy(w_new + plan->trained_size, W + plan->trained_size,
               (size_t)(plan->parameters_size - plan->trained_size) * sizeof(double));
        if (!plan->is_step && !is_finite(w_new, plan->parameters_size)) {
            plan->ending = UPDATE_NOT_FINITE;
            return;
        }
        plan->present = next;
        plan->best_loss[0] = plan->best_loss[1];
        plan->epochs_since[0] = plan->epochs_since[1];
        if (plan->losses)
            plan->losses[plan->done] = plan->loss;
        if (plan->gradients)
            plan->gradients[plan->done] = largest;
        plan->done++;
        plan->position++;
        rate += plan->by_update;
        if (plan->position * plan->batch >= plan->examples) {
            plan->position = 0;
            plan->epoch++;
            rate += !plan->by_update;
            order = order ? order + plan->examples : order;
            if (plan->test_losses)
                evaluate(plan);
            if (plan->watched != NOTHING && !plan->is_step)
                watch(plan);
        }
        if (plan->keep_every && (plan->done - plan->keep_first) % plan->keep_every == 0 && plan->done >= plan->keep_first)
            keep(plan);
    }
}

/* The forward pass of this many examples, without an update. */
void nn_tui_forward(Plan *plan) {
    plan->loss = forward_pass(plan, plan->examples, plan->parameters[plan->present], plan->X, plan->y, NULL)
                 + 0.0;
}

/* Set the tables of the elementary functions, in order; this must be the first call. */
void nn_tui_tables(numbers values) { memcpy(&tables, values, sizeof(tables)); }

/* Functions of arrays, for the tests. */
HOT void nn_tui_elementary(whole which, whole count, numbers RESTRICT x, array RESTRICT y) {
#define EACH(value)                   \
    for (whole i = 0; i < count; i++) \
        y[i] = value;                 \
    break;
    switch (which) {
    case 0: EACH(exp_of(x[i]))
    case 1: EACH(expm1_of(x[i]))
    case 2: EACH(log_of(x[i]))
    case 3: EACH(tanh_of(x[i]))
    case 4: EACH(sigmoid_of(x[i]))
    case 5: EACH(softplus_of(x[i]))
    case 6: EACH(normal_distribution_of(x[i]))
    }
#undef EACH
}

#ifndef WITHOUT_PYTHON
#define Py_LIMITED_API 0x030b0000
#include <Python.h>

static PyObject *with_plan(PyObject *address, void (*function)(Plan *)) {
    Plan *plan = PyLong_AsVoidPtr(address);
    if (!plan)
        return PyErr_Occurred() ? NULL : (PyErr_SetString(PyExc_ValueError, "expected a plan"), NULL);
    Py_BEGIN_ALLOW_THREADS
    function(plan);
    Py_END_ALLOW_THREADS
    Py_RETURN_NONE;
}

static PyObject *run(PyObject *module, PyObject *address) {
    (void)module;
    return with_plan(address, nn_tui_run);
}

static PyObject *forward(PyObject *module, PyObject *address) {
    (void)module;
    return with_plan(address, nn_tui_forward);
}

static PyObject *elementary(PyObject *module, PyObject *arguments) {
    long long which, count;
    PyObject *x, *y;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "LLOO", &which, &count, &x, &y))
        return NULL;
    nn_tui_elementary(which, count, PyLong_AsVoidPtr(x), PyLong_AsVoidPtr(y));
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *provide_tables(PyObject *module, PyObject *arguments) {
    PyObject *values;
    long long count;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "LO", &count, &values))
        return NULL;
    if ((size_t)count * sizeof(double) != sizeof(tables))
        return PyErr_Format(PyExc_ValueError, "expected %zu numbers, got %lld", sizeof(tables) / sizeof(double), count);
    nn_tui_tables(PyLong_AsVoidPtr(values));
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"tables", provide_tables, METH_VARARGS, "Copy so many numbers of the tables from an address."},
    {"run", run, METH_O, "Make updates, as the plan at this address says."},
    {"forward", forward, METH_O, "Make the forward pass of the examples of the plan at this address."},
    {"elementary", elementary, METH_VARARGS, "Compute a function, by its number, of so many numbers at an address."},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_kernel", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernel(void) {
    PyObject *module = PyModule_Create(&definition);
    if (module && PyModule_AddIntConstant(module, "PLAN_SIZE", (long)sizeof(Plan)) < 0)
        return NULL;
    return module;
}
#endif
