package assets

import "embed"

//go:embed report
var reportFiles embed.FS

// Report is a file of the check record (biên bản kiểm tra chữ ký số): vi.json
// with its texts, en.json with those that a window tells in English, report.html and report.css, schema.json for its JSON form,
// sRGB2014.icc, the colour profile of its PDF/A form.
func Report(name string) []byte {
	b, err := reportFiles.ReadFile("report/" + name)
	if err != nil {
		panic("assets: no report file " + name) // a mistake of the caller
	}
	return b
}
