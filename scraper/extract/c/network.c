/* The body model's network. `plain_network.py` is the same with numpy and says what is computed; tests/test_speedups.py holds both to one
 * answer, to within the rounding of 32-bit floats. */
#include "speedups.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* What is summed up in registers: so many rows by one or three times so many columns. */
enum { ROWS = 4, LANES = 8, MOST_LANES = 3, WIDE_LANES = 6, MOST_LAYERS = 16, MOST_WIDTH = 4096, MOST_REACH = 1024 };
typedef float Lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));
typedef int32_t Mask __attribute__((vector_size(LANES * sizeof(int32_t)), aligned(4), may_alias));

/* A product of matrices, and a row that is added to each of its rows. A row of the left matrix is `parts` pieces of `width` numbers that stand
 * `stride` apart: one piece is a plain product, three are a convolution. */
typedef struct {
    const float *left, *right, *bias;
    const float *base; /* what the product is added to, or NULL */
    float *out;
    Py_ssize_t rows, row_size, parts, stride, width, columns;
    bool clipped; /* below zero is zero */
    bool sparse;  /* most of `left` is zeros */
} Product;

#define INLINED static inline __attribute__((always_inline))

INLINED void clip(Lanes *values)
{
    const Lanes zero = {0};
    *values = (Lanes)((Mask)*values & (*values > zero));
}

INLINED void tile(const Product *product, Py_ssize_t row, const int rows, Py_ssize_t column, const int lanes)
{
    Lanes sums[ROWS][MOST_LANES];
#pragma GCC unroll 4
    for (int each = 0; each < rows; each++)
#pragma GCC unroll 3
        for (int lane = 0; lane < lanes; lane++)
            sums[each][lane] = *(const Lanes *)(product->bias + column + lane * LANES);
    const float *right = product->right + column;
    for (Py_ssize_t part = 0; part < product->parts; part++) {
        const float *left = product->left + row * product->row_size + part * product->stride;
        for (Py_ssize_t at = 0; at < product->width; at++, right += product->columns)
#pragma GCC unroll 4
            for (int each = 0; each < rows; each++)
#pragma GCC unroll 3
                for (int lane = 0; lane < lanes; lane++)
                    sums[each][lane] += left[each * product->row_size + at] * *(const Lanes *)(right + lane * LANES);
    }
#pragma GCC unroll 4
    for (int each = 0; each < rows; each++) {
        Py_ssize_t place = (row + each) * product->columns + column;
#pragma GCC unroll 3
        for (int lane = 0; lane < lanes; lane++, place += LANES) {
            if (product->clipped)
                clip(&sums[each][lane]);
            if (product->base)
                sums[each][lane] += *(const Lanes *)(product->base + place);
            *(Lanes *)(product->out + place) = sums[each][lane];
        }
    }
}

/* The columns that make no lanes. */
INLINED void edge(const Product *product, Py_ssize_t row, Py_ssize_t column)
{
    for (; column < product->columns; column++) {
        float sum = product->bias[column];
        const float *right = product->right + column;
        for (Py_ssize_t part = 0; part < product->parts; part++) {
            const float *left = product->left + row * product->row_size + part * product->stride;
            for (Py_ssize_t at = 0; at < product->width; at++, right += product->columns)
                sum += left[at] * *right;
        }
        Py_ssize_t place = row * product->columns + column;
        sum = product->clipped && sum < 0 ? 0 : sum;
        product->out[place] = product->base ? product->base[place] + sum : sum;
    }
}

INLINED void strip(const Product *product, Py_ssize_t column, const int lanes)
{
    Py_ssize_t row = 0;
    for (; row + ROWS <= product->rows; row += ROWS)
        tile(product, row, ROWS, column, lanes);
    for (; row < product->rows; row++)
        tile(product, row, 1, column, lanes);
}

INLINED void multiply_all(const Product *product)
{
    Py_ssize_t column = 0;
    for (; column + MOST_LANES * LANES <= product->columns; column += MOST_LANES * LANES)
        strip(product, column, MOST_LANES);
    for (; column + LANES <= product->columns; column += LANES)
        strip(product, column, 1);
    for (Py_ssize_t row = 0; column < product->columns && row < product->rows; row++)
        edge(product, row, column);
}

/* A row by its numbers that are not zero, of which there are `count`: adding nothing changes no sum. */
INLINED void sparse_strip(const Product *product, Py_ssize_t row, const int32_t *places, int count, Py_ssize_t column, const int lanes)
{
    Lanes sums[WIDE_LANES];
    const float *left = product->left + row * product->row_size, *right = product->right + column;
#pragma GCC unroll 6
    for (int lane = 0; lane < lanes; lane++)
        sums[lane] = *(const Lanes *)(product->bias + column + lane * LANES);
    for (int at = 0; at < count; at++)
#pragma GCC unroll 6
        for (int lane = 0; lane < lanes; lane++)
            sums[lane] += left[places[at]] * ((const Lanes *)(right + places[at] * product->columns))[lane];
#pragma GCC unroll 6
    for (int lane = 0; lane < lanes; lane++) {
        if (product->clipped)
            clip(&sums[lane]);
        *(Lanes *)(product->out + row * product->columns + column + lane * LANES) = sums[lane];
    }
}

/* Find the numbers of a row that are not zero; give how many there are. */
INLINED int find_numbers(const float *row, Py_ssize_t size, int32_t *places)
{
    int count = 0;
    Py_ssize_t at = 0;
#ifdef __SSE2__
    for (; at + 4 <= size; at += 4) {
        int found = _mm_movemask_ps(_mm_cmpneq_ps(_mm_loadu_ps(row + at), _mm_setzero_ps()));
        for (; found; found &= found - 1)
            places[count++] = (int32_t)at + __builtin_ctz((unsigned)found);
    }
#endif
    for (; at < size; at++) {
        places[count] = (int32_t)at;
        count += row[at] != 0;
    }
    return count;
}

/* A plain product, added to nothing, whose rows are mostly zeros. */
INLINED void multiply_sparse(const Product *product)
{
    int32_t places[MOST_WIDTH];
    for (Py_ssize_t row = 0; row < product->rows; row++) {
        const float *left = product->left + row * product->row_size;
        Py_ssize_t column = 0;
        int count = find_numbers(left, product->width, places);
        for (; column + WIDE_LANES * LANES <= product->columns; column += WIDE_LANES * LANES)
            sparse_strip(product, row, places, count, column, WIDE_LANES);
        for (; column + LANES <= product->columns; column += LANES)
            sparse_strip(product, row, places, count, column, 1);
        edge(product, row, column);
    }
}

INLINED void multiply_either(const Product *product)
{
    if (product->sparse)
        multiply_sparse(product);
    else
        multiply_all(product);
}

static void multiply_anywhere(const Product *product) { multiply_either(product); }

#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("avx2,fma"))) static void multiply_wide(const Product *product) { multiply_either(product); }

static void multiply(const Product *product)
{
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        multiply_wide(product);
    else
        multiply_anywhere(product);
}
#else
static void multiply(const Product *product) { multiply_anywhere(product); }
#endif

/* ---- the network ---- */

typedef struct {
    const float *weight, *bias;
    Py_ssize_t inputs, outputs, reach;
} Layer;

enum { DENSE, DOWN, PAGE, OUT_HIDDEN, OUT_SIGNAL, FIRST_CONVOLUTION, MOST_ARRAYS = 2 * (FIRST_CONVOLUTION + MOST_LAYERS) };

typedef struct {
    Py_buffer arrays[MOST_ARRAYS];
    int held, convolutions;
    Layer layers[FIRST_CONVOLUTION + MOST_LAYERS];
    Py_ssize_t reach;
} Network;

static bool misfit(const char *what)
{
    PyErr_Format(PyExc_ValueError, "the weights of the network do not fit: %s", what);
    return false;
}

/* Give the numbers of one array, and how many there are. */
static const float *take_array(Network *network, PyObject *weights, const char *name, Py_ssize_t *count)
{
    PyObject *array = PyDict_GetItemString(weights, name);
    if (!array) {
        misfit(name);
        return NULL;
    }
    Py_buffer *buffer = &network->arrays[network->held];
    if (PyObject_GetBuffer(array, buffer, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) < 0)
        return NULL;
    network->held++;
    *count = buffer->len / (Py_ssize_t)sizeof(float);
    if (!buffer->format || strcmp(buffer->format, "f") || !*count) {
        misfit(name);
        return NULL;
    }
    return buffer->buf;
}

/* Take a layer of so many outputs (0: whatever its bias says); `bias` is NULL where it has none of its own. */
static bool take_layer(Network *network, PyObject *weights, Layer *layer, const char *weight, const char *bias, Py_ssize_t outputs)
{
    Py_ssize_t count;
    layer->outputs = outputs;
    if (bias) {
        layer->bias = take_array(network, weights, bias, &count);
        if (!layer->bias)
            return false;
        if ((outputs && count != outputs) || count > MOST_WIDTH)
            return misfit(bias);
        layer->outputs = count;
    }
    layer->weight = take_array(network, weights, weight, &count);
    if (!layer->weight)
        return false;
    layer->inputs = count / layer->outputs;
    return (layer->inputs * layer->outputs == count && layer->inputs <= MOST_WIDTH) || misfit(weight);
}

static bool take_convolutions(Network *network, PyObject *weights, PyObject *dilations, Py_ssize_t channels)
{
    if (PyTuple_GET_SIZE(dilations) > MOST_LAYERS)
        return misfit("too many convolutions");
    for (Py_ssize_t number = 0; number < PyTuple_GET_SIZE(dilations); number++, network->convolutions++) {
        Layer *layer = &network->layers[FIRST_CONVOLUTION + number];
        char weight[32], bias[32];
        snprintf(weight, sizeof weight, "conv%d.weight", (int)number);
        snprintf(bias, sizeof bias, "conv%d.bias", (int)number);
        layer->reach = PyLong_AsSsize_t(PyTuple_GET_ITEM(dilations, number));
        if (layer->reach == -1 && PyErr_Occurred())
            return false;
        if (!take_layer(network, weights, layer, weight, bias, channels))
            return false;
        if (layer->reach < 1 || layer->reach > MOST_REACH || layer->inputs != 3 * channels)
            return misfit(weight);
        network->reach = layer->reach > network->reach ? layer->reach : network->reach;
    }
    return true;
}

static bool take_network(Network *network, PyObject *weights, PyObject *dilations)
{
    Layer *layers = network->layers;
    if (!take_layer(network, weights, &layers[DENSE], "dense.weight", "dense.bias", 0)
        || !take_layer(network, weights, &layers[DOWN], "down.weight", "down.bias", 0))
        return false;
    Py_ssize_t hidden = layers[DENSE].outputs, channels = layers[DOWN].outputs;
    if (!take_layer(network, weights, &layers[PAGE], "page.weight", "page.bias", channels)
        || !take_layer(network, weights, &layers[OUT_HIDDEN], "out.hidden", "out.bias", 1)
        || !take_layer(network, weights, &layers[OUT_SIGNAL], "out.signal", NULL, 1)
        || !take_convolutions(network, weights, dilations, channels))
        return false;
    return (layers[DOWN].inputs == hidden && layers[PAGE].inputs == 2 * channels && layers[OUT_HIDDEN].inputs == hidden
            && layers[OUT_SIGNAL].inputs == channels)
        || misfit("one layer to the next");
}

/* Give the greatest and then the mean of each column. */
static void sum_up(const float *rows, Py_ssize_t count, Py_ssize_t width, float *out)
{
    for (Py_ssize_t column = 0; column < width; column++) {
        out[column] = rows[column];
        out[width + column] = 0;
    }
    for (Py_ssize_t row = 0; row < count; row++, rows += width) {
        for (Py_ssize_t column = 0; column < width; column++) {
            out[column] = rows[column] > out[column] ? rows[column] : out[column];
            out[width + column] += rows[column];
        }
    }
    for (Py_ssize_t column = 0; column < width; column++)
        out[width + column] /= (float)count;
}

/* Add up a row's numbers by weight, in lanes, since a single sum waits for itself; with `shift`, of the row and it what is above zero. */
static float weighed(const float *row, const float *shift, const float *weights, Py_ssize_t count)
{
    Lanes sums = {0};
    Py_ssize_t at = 0;
    float sum = 0;
    for (; at + LANES <= count; at += LANES) {
        Lanes values = *(const Lanes *)(row + at);
        if (shift) {
            values += *(const Lanes *)(shift + at);
            clip(&values);
        }
        sums += values * *(const Lanes *)(weights + at);
    }
    for (; at < count; at++)
        sum += (shift ? (row[at] + shift[at] > 0 ? row[at] + shift[at] : 0) : row[at]) * weights[at];
    for (int lane = 0; lane < LANES; lane++)
        sum += sums[lane];
    return sum;
}

/* `signal` and `next` have room for `reach` rows of zeros before and after the page's. */
static void run(const Network *network, const float *matrix, Py_ssize_t rows, float *hidden, float *signal, float *next, float *scores)
{
    const Layer *layers = network->layers, *dense = &layers[DENSE], *down = &layers[DOWN];
    Py_ssize_t width = down->outputs, margin = network->reach * width;
    multiply(&(Product){matrix, dense->weight, dense->bias, NULL, hidden, rows, dense->inputs, 1, 0, dense->inputs, dense->outputs, true, true});
    multiply(&(Product){hidden, down->weight, down->bias, NULL, signal + margin, rows, down->inputs, 1, 0, down->inputs, width, false, false});
    for (int number = 0; number < network->convolutions; number++) {
        const Layer *layer = &layers[FIRST_CONVOLUTION + number];
        Py_ssize_t reach = layer->reach * width;
        multiply(&(Product){signal + margin - reach, layer->weight, layer->bias, signal + margin, next + margin, rows, width, 3, reach, width, width,
                            true, false});
        float *last = signal;
        signal = next;
        next = last;
    }
    const float *row = signal + margin, *out_hidden = layers[OUT_HIDDEN].weight, *out_signal = layers[OUT_SIGNAL].weight;
    float page[2 * MOST_WIDTH], whole[MOST_WIDTH];
    sum_up(row, rows, width, page);
    multiply(&(Product){page, layers[PAGE].weight, layers[PAGE].bias, NULL, whole, 1, 2 * width, 1, 0, 2 * width, width, false, false});
    for (Py_ssize_t at = 0; at < rows; at++, row += width, hidden += dense->outputs) {
        float logit = layers[OUT_HIDDEN].bias[0] + weighed(hidden, NULL, out_hidden, dense->outputs) + weighed(row, whole, out_signal, width);
        scores[at] = 1 / (1 + expf(-(logit < -30 ? -30 : logit > 30 ? 30 : logit)));
    }
}

static PyObject *scores_of(const Network *network, const float *matrix, Py_ssize_t rows)
{
    Py_ssize_t wide = network->layers[DENSE].outputs, width = network->layers[DOWN].outputs;
    PyObject *result = PyBytes_FromStringAndSize(NULL, rows * (Py_ssize_t)sizeof(float));
    float *hidden = PyMem_Malloc((size_t)(rows * wide) * sizeof(float));
    float *signals = PyMem_Calloc((size_t)(2 * width * (rows + 2 * network->reach)), sizeof(float));
    if (result && hidden && signals)
        run(network, matrix, rows, hidden, signals, signals + width * (rows + 2 * network->reach), (float *)PyBytes_AS_STRING(result));
    else if (result)
        Py_SETREF(result, PyErr_NoMemory());
    PyMem_Free(hidden);
    PyMem_Free(signals);
    return result;
}

static Network known; /* of the weights and dilations below, which are kept */
static PyObject *known_weights, *known_dilations;

static bool keep_network(PyObject *weights, PyObject *dilations)
{
    if (weights == known_weights && dilations == known_dilations)
        return true;
    while (known.held)
        PyBuffer_Release(&known.arrays[--known.held]);
    known.convolutions = 0;
    known.reach = 0;
    bool taken = take_network(&known, weights, dilations);
    Py_XSETREF(known_weights, taken ? Py_NewRef(weights) : NULL);
    Py_XSETREF(known_dilations, taken ? Py_NewRef(dilations) : NULL);
    return taken;
}

const char forward_doc[] = "forward(matrix, weights, dilations)\n--\n\n"
                           "Give for each row of 32-bit floats the probability that the block is story, as bytes of 32-bit floats.\n"
                           "See `plain_network.py`.";

PyObject *forward(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer matrix;
    PyObject *weights, *dilations, *result = NULL;
    if (!PyArg_ParseTuple(args, "y*O!O!", &matrix, &PyDict_Type, &weights, &PyTuple_Type, &dilations))
        return NULL;
    if (keep_network(weights, dilations)) {
        Py_ssize_t row = known.layers[DENSE].inputs * (Py_ssize_t)sizeof(float);
        if (matrix.len % row || !matrix.len)
            misfit("the page's rows");
        else
            result = scores_of(&known, matrix.buf, matrix.len / row);
    }
    PyBuffer_Release(&matrix);
    return result;
}
