// Package coarse sees JPEG pictures at a fraction of their resolution, quickly:
// a scan of 300 dpi at 75 dpi, in a few thousandths of a second.
//
// [Decode] takes the data and the number of dots, 1 to 4, that shall stand for
// eight samples in each direction. Of each block of 8 × 8 samples only the
// lowest frequencies are taken from the entropy-coded data, the others are
// passed over, and the reduced block comes from a cosine transform of that size.
//
// It reads what scanners write: sequential and progressive pictures of 8 bits
// with one component or three (ITU-T T.81, processes 1, 2 and 10 with Huffman
// coding). Everything else, and whatever has a fault, is an error and never half
// a picture; the caller then has the page drawn by others. Clauses, figures and
// tables in comments are those of T.81. Other decoders may round differently by
// a step or two of 255.
package coarse
