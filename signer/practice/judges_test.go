package practice

import (
	"testing"

	"antin/signer/practice/machine"
)

// TestTheJudgesAreThere: tests that go on without a program, with fewer cases, are
// not noticed otherwise.
func TestTheJudgesAreThere(t *testing.T) {
	for name, debian := range map[string]string{
		"openssl": "openssl", "qpdf": "qpdf", "pdfsig": "poppler-utils", "pdftoppm": "poppler-utils", "pdftotext": "poppler-utils", "pdfinfo": "poppler-utils",
		"pdffonts": "poppler-utils", "mutool": "mupdf-tools", "softhsm2-util": "softhsm2", "pkcs11-tool": "opensc", "tesseract": "tesseract-ocr-vie", "java": "default-jre-headless",
		"tiffcp": "libtiff-tools", "opj_compress": "libopenjp2-tools",
	} {
		t.Run(name, func(t *testing.T) { t.Logf("%s is %s", name, machine.Program(t, name, debian)) })
	}
}
