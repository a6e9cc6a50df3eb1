package shapes

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"maps"
	"slices"
)

// Ref is an indirect reference (7.3.10). It prints as "12 0 R".
type Ref struct{ Num, Gen int }

func (r Ref) String() string { return fmt.Sprintf("%d %d R", r.Num, r.Gen) }

// Builder collects indirect objects as PDF syntax and writes them in one of
// four ways: Table, XRefStream, ObjectStreams or Hybrid. Objects are given as
// text with fmt verbs, references with %v:
//
//	b := shapes.NewBuilder("1.7")
//	tree := b.Reserve()
//	page := b.Add("<</Type/Page/Parent %v/MediaBox[0 0 595 842]>>", tree)
//	b.Set(tree, "<</Type/Pages/Kids[%v]/Count 1>>", page)
//	b.Root = b.Add("<</Type/Catalog/Pages %v>>", tree)
//	file := b.Table()
//
// Nothing is checked, so that faulty files can be written too.
type Builder struct {
	Head      []byte // header line and comment with their line ends
	EOL       string // line end of everything but stream data: "\n", "\r\n" or "\r"
	Root      Ref    // the catalog
	Trailer   string // further keys of the trailer, such as "/Info 7 0 R"
	ID        string // value of /ID; empty: none
	Predictor bool   // cross-reference streams with PNG predictor 12 (7.4.4.4)

	base    []byte // the file that is revised; nil: a new file
	prev    int64  // its last cross-reference section
	size    int    // first object number that was never used
	objects map[int]object
}

// object is what stands between obj and endobj, or a freed number.
type object struct {
	gen    int
	body   string // of a stream: its dictionary, with /Length
	data   []byte
	stream bool
	free   bool
}

const (
	binaryComment = "%\xe2\xe3\xcf\xd3" // 7.5.2: four bytes above 127
	defaultID     = "[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]"
)

// NewBuilder starts an empty file with the header of a version such as "1.7".
func NewBuilder(version string) *Builder {
	return &Builder{
		Head: []byte("%PDF-" + version + "\n" + binaryComment + "\n"),
		EOL:  "\n", ID: defaultID, size: 1, objects: map[int]object{},
	}
}

// Reserve takes the next object number; Set gives it its object.
func (b *Builder) Reserve() Ref {
	b.size++
	return Ref{Num: b.size - 1}
}

// Set writes or replaces an object. Its generation is that of the reference.
func (b *Builder) Set(r Ref, format string, args ...any) {
	b.objects[r.Num] = object{gen: r.Gen, body: fmt.Sprintf(format, args...)}
	b.size = max(b.size, r.Num+1)
}

// Add gives an object the next number.
func (b *Builder) Add(format string, args ...any) Ref {
	r := b.Reserve()
	b.Set(r, format, args...)
	return r
}

// SetStream writes or replaces a stream with the given encoded data. The keys
// stand without << >> and without /Length.
func (b *Builder) SetStream(r Ref, data []byte, keys string, args ...any) {
	body := fmt.Sprintf("<<%s/Length %d>>", fmt.Sprintf(keys, args...), len(data))
	b.objects[r.Num] = object{gen: r.Gen, body: body, data: data, stream: true}
	b.size = max(b.size, r.Num+1)
}

// AddStream gives a stream the next number.
func (b *Builder) AddStream(data []byte, keys string, args ...any) Ref {
	r := b.Reserve()
	b.SetStream(r, data, keys, args...)
	return r
}

// AddFlate adds a stream whose data it compresses.
func (b *Builder) AddFlate(data []byte, keys string, args ...any) Ref {
	return b.AddStream(deflate(data), "/Filter/FlateDecode"+keys, args...)
}

// Free marks an object of an earlier revision as free (7.5.4); r.Gen is the
// generation that the number will have when it is used again.
func (b *Builder) Free(r Ref) { b.objects[r.Num] = object{gen: r.Gen, free: true} }

// numbers are the used object numbers, ascending.
func (b *Builder) numbers() []int { return slices.Sorted(maps.Keys(b.objects)) }

func deflate(data []byte) []byte {
	var buf bytes.Buffer
	w := zlib.NewWriter(&buf)
	w.Write(data) // a bytes.Buffer takes everything
	w.Close()
	return buf.Bytes()
}

// TextString is a text string (7.9.2.2) as UTF-16BE in hex, any language.
func TextString(s string) string {
	out := []byte("<FEFF")
	for _, u := range utf16Units(s) {
		out = fmt.Appendf(out, "%04X", u)
	}
	return string(append(out, '>'))
}

// literalText is the same as a literal string, with the three bytes escaped
// that must be (7.3.4.2). The second byte of ĩ (U+0129) is a parenthesis.
func literalText(s string) string {
	out := []byte("(\xfe\xff")
	for _, u := range utf16Units(s) {
		for _, c := range []byte{byte(u >> 8), byte(u)} {
			switch c {
			case '(', ')', '\\':
				out = append(out, '\\', c)
			case '\r': // a bare CR would be read as LF
				out = append(out, '\\', 'r')
			default:
				out = append(out, c)
			}
		}
	}
	return string(append(out, ')'))
}
