#pragma once
#include <zlib.h>

/* deflateInit2 is a macro, which Swift does not import: windowBits 15 + 16 asks for a gzip wrapper. */
static inline int klappa_gzip_init(z_streamp stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

/* windowBits -15 asks for the bare stream that a ZIP archive holds. */
static inline int klappa_deflate_init(z_streamp stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
}
