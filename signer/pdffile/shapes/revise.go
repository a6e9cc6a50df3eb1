package shapes

import (
	"bytes"
	"regexp"
	"strconv"
)

var (
	sizeKey = regexp.MustCompile(`/Size\s+(\d+)`)
	rootKey = regexp.MustCompile(`/Root\s+(\d+)\s+(\d+)\s+R`)
	keptKey = regexp.MustCompile(`/Info\s+\d+\s+\d+\s+R`)
	idKey   = regexp.MustCompile(`/ID\s*(\[[^\]]*\])`)
)

// Revise starts an incremental update (7.5.6) of a file: the objects that are
// set or added from here on go behind it, in a section whose /Prev is the
// file's last one. New numbers begin at the file's /Size. It works for
// unencrypted files whose last cross-reference section stands where startxref
// says, also of other programs, and panics for others.
//
// The update may be written in any way, but a table section should not follow
// a stream section, nor the reverse (7.5.8.4 knows only hybrids).
func Revise(file []byte) *Builder {
	prev := startXRef(file)
	dict := file[prev:]
	if bytes.HasPrefix(dict, []byte("xref")) {
		dict = dict[bytes.Index(dict, []byte("trailer")):]
		dict = dict[:bytes.Index(dict, []byte("startxref"))]
	} else {
		dict = dict[:bytes.Index(dict, []byte("stream"))]
	}
	b := NewBuilder("")
	b.base, b.prev, b.ID = file, prev, ""
	b.size = number(sizeKey.FindSubmatch(dict)[1])
	root := rootKey.FindSubmatch(dict)
	b.Root = Ref{number(root[1]), number(root[2])}
	b.Trailer = string(keptKey.Find(dict))
	if id := idKey.FindSubmatch(dict); id != nil {
		b.ID = string(id[1])
	}
	return b
}

// startXRef is the last offset that the file gives for its cross-reference
// section.
func startXRef(file []byte) int64 {
	const keyword = "startxref"
	at := bytes.LastIndex(file, []byte(keyword))
	fields := bytes.Fields(file[at+len(keyword):])
	return int64(number(fields[0]))
}

func number(digits []byte) int {
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		panic("shapes: " + err.Error())
	}
	return n
}
