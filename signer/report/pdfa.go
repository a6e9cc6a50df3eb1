package report

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"antin/assets"
	"antin/signer/pdffile"
)

// errLayout means that the PDF library wrote something unexpected.
var errLayout = errors.New("report: unexpected structure of the new PDF")

// archived turns what fpdf 0.12 wrote into PDF/A-2b (ISO 19005-2). The library
// has no /ID, an /Info that points to the colour profile when there is one, dates
// without time zone, an empty tree of embedded files and fonts whose names do
// not say that they are subsets; TestPDFA would notice if that changed. Objects
// keep their numbers; the cross-reference is written anew.
func archived(pdf []byte, title, producer string, made time.Time) ([]byte, error) {
	objects, err := split(pdf)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n") // 6.1.2: four bytes above 127
	var root int
	catalog := regexp.MustCompile(`^\d+ 0 obj\n<<\n/Type /Catalog\n/Pages (\d+ 0 R)\n`)
	for i, o := range objects {
		if m := catalog.FindSubmatch(o); m != nil {
			if root != 0 {
				return nil, errLayout
			}
			root = i + 1
			// The last three objects are new: metadata, profile, information.
			objects[i] = fmt.Appendf(nil, "%d 0 obj\n<</Type/Catalog/Pages %s/Lang(vi)/Metadata %d 0 R"+
				"/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)/DestOutputProfile %d 0 R>>]"+
				"/ViewerPreferences<</DisplayDocTitle true>>>>\nendobj\n", i+1, m[1], len(objects)+1, len(objects)+2)
		}
	}
	if root == 0 {
		return nil, errLayout
	}
	meta := pdffile.ArchiveMetadata(title, producer, made)
	icc := pdffile.Deflate(assets.Report("sRGB2014.icc"))
	date := fmt.Sprintf("%x", []byte(pdffile.Date(made)))
	n := len(objects)
	objects = append(objects,
		stream(n+1, "/Type/Metadata/Subtype/XML", meta), // 6.6.2: not compressed, for tools that know no PDF
		stream(n+2, "/N 3/Filter/FlateDecode", icc),
		fmt.Appendf(nil, "%d 0 obj\n<</Title<%x>/Producer<%x>/CreationDate<%s>/ModDate<%s>>>\nendobj\n",
			n+3, []byte(pdffile.TextString(title)), []byte(pdffile.TextString(producer)), date, date),
	)
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = out.Len()
		out.Write(subset(o))
	}
	// The identifier depends on the contents alone, so that the same record gives
	// the same bytes.
	id := sha256.Sum256(out.Bytes())
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%x><%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, root, n+3, id[:16], id[:16], start)
	return out.Bytes(), nil
}

var startXref = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n*$`)

// split cuts a file with one cross-reference table into its objects. The old
// information dictionary stays where it is, as an object that nothing names,
// emptied.
func split(pdf []byte) ([][]byte, error) {
	m := startXref.FindSubmatch(pdf)
	if m == nil {
		return nil, errLayout
	}
	table, _ := strconv.Atoi(string(m[1]))
	var count int
	if table <= 0 || table >= len(pdf) {
		return nil, errLayout
	}
	if _, err := fmt.Sscanf(string(pdf[table:min(len(pdf), table+40)]), "xref\n0 %d", &count); err != nil || count < 2 {
		return nil, errLayout
	}
	lines := bytes.Split(pdf[table:], []byte("\n"))
	if len(lines) < count+2 {
		return nil, errLayout
	}
	objects := make([][]byte, count-1)
	for i := range objects {
		var at int
		if _, err := fmt.Sscanf(string(lines[i+3]), "%d 00000 n", &at); err != nil || at <= 0 || at >= table {
			return nil, errLayout
		}
		head := fmt.Appendf(nil, "%d 0 obj", i+1)
		rest := pdf[at:table]
		if !bytes.HasPrefix(rest, head) {
			return nil, errLayout
		}
		end := table
		for j := range objects { // the next object's start
			var next int
			if _, err := fmt.Sscanf(string(lines[j+3]), "%d 00000 n", &next); err == nil && next > at && next < end {
				end = next
			}
		}
		objects[i] = pdf[at:end]
		if bytes.Contains(objects[i], []byte("/CreationDate")) && !bytes.Contains(objects[i], []byte("stream")) {
			objects[i] = append(head, "\n<<>>\nendobj\n"...)
		}
	}
	return objects, nil
}

func stream(n int, dict string, data []byte) []byte {
	b := fmt.Appendf(nil, "%d 0 obj\n<<%s/Length %d>>\nstream\n", n, dict, len(data))
	return append(append(b, data...), "\nendstream\nendobj\n"...)
}

var fontName = regexp.MustCompile(`/(BaseFont|FontName) /utf8serif([BI]?)`)

// subset gives the fonts the names of ISO 32000-1, 9.6.4: a tag, and which font
// it is a part of.
func subset(object []byte) []byte {
	if bytes.Contains(object, []byte("\nstream\n")) {
		return object
	}
	names := map[string]string{"": "ANTINA+LiberationSerif", "B": "ANTINB+LiberationSerif-Bold", "I": "ANTINI+LiberationSerif-Italic"}
	return fontName.ReplaceAllFunc(object, func(m []byte) []byte {
		p := fontName.FindSubmatch(m)
		return fmt.Appendf(nil, "/%s /%s", p[1], names[string(p[2])])
	})
}
