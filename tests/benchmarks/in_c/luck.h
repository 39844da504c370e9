/* Luck and the exponential function in C, bit for bit those of `state/luck.py` and `state/exponential.py`. */
#ifndef LUCK_H
#define LUCK_H
#include <math.h>
#include <string.h>
#include "columns.h" /* written by `c_columns.py` */

#define ALWAYS static inline __attribute__((always_inline))

typedef struct { uint32_t a, b, c, d; } Words;

/* Philox4x32-10 (Salmon et al. 2011). */
ALWAYS Words philox(uint64_t key, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)a * 0xD2511F53u, p1 = (uint64_t)c * 0xCD9E8D57u;
        a = (uint32_t)(p1 >> 32) ^ b ^ k0;
        b = (uint32_t)p1;
        c = (uint32_t)(p0 >> 32) ^ d ^ k1;
        d = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (Words){a, b, c, d};
}

ALWAYS double unit(uint32_t word) { return (word + 0.5) * 0x1p-32; }

ALWAYS double uniform(uint64_t key, uint32_t what, int64_t day, int64_t who, int64_t whom)
{
    return unit(philox(key, (uint32_t)who, (uint32_t)whom, (uint32_t)day, what).a);
}

ALWAYS double smaller(double x, double y) { return x < y ? x : y; }

/* exp(x) within 2 units in the last place, in sums and products only; see `state/exponential.py`. */
ALWAYS double exponential(double x)
{
    x = x > -700.0 ? x : -700.0;
    x = x < 700.0 ? x : 700.0;
    double k = floor(x * 1.4426950408889634 + 0.5);
    double r = (x - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
    double s = 1.0 / 479001600.0 + r * (1.0 / 6227020800.0);
    s = 1.0 / 39916800.0 + r * s;
    s = 1.0 / 3628800.0 + r * s;
    s = 1.0 / 362880.0 + r * s;
    s = 1.0 / 40320.0 + r * s;
    s = 1.0 / 5040.0 + r * s;
    s = 1.0 / 720.0 + r * s;
    s = 1.0 / 120.0 + r * s;
    s = 1.0 / 24.0 + r * s;
    s = 1.0 / 6.0 + r * s;
    s = 1.0 / 2.0 + r * s;
    s = 1.0 + r * s;
    s = 1.0 + r * s;
    int64_t bits = ((int64_t)k + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return s * power;
}

/* Four words of `draw` for the viewer of each row about its occasion, `times` the number. */
ALWAYS void roll_rows(const Wave *wave, const Draw *draw, int64_t times)
{
    uint32_t *restrict one = wave->luck, *restrict two = one + wave->luck_width;
    uint32_t *restrict three = two + wave->luck_width, *restrict four = three + wave->luck_width;
    const int32_t *restrict viewer = wave->viewer;
    const int16_t *restrict occasion = wave->occasion;
    uint64_t key = draw->key;
    uint32_t day = (uint32_t)draw->day, what = (uint32_t)draw->what;
    int64_t rows = wave->rows[0];
    for (int64_t row = 0; row < rows; row++) {
        Words words = philox(key, (uint32_t)viewer[row], (uint32_t)(occasion[row] * times), day, what);
        one[row] = words.a, two[row] = words.b, three[row] = words.c, four[row] = words.d;
    }
}
#endif
