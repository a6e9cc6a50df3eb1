package scan

import (
	"context"
	"errors"
)

// What keeps a scanner from scanning.
var (
	ErrNoProgram      = errors.New("scan: scanimage is not installed")
	ErrNoScanner      = errors.New("scan: no such scanner")
	ErrScannerBusy    = errors.New("scan: the scanner is busy")
	ErrFeederEmpty    = errors.New("scan: no paper in the feeder")
	ErrFeederJammed   = errors.New("scan: paper is jammed")
	ErrCoverOpen      = errors.New("scan: the cover is open")
	ErrScannerAccess  = errors.New("scan: access to the scanner is denied")
	ErrScannerSetting = errors.New("scan: the scanner does not have this setting")
	ErrScannerFailed  = errors.New("scan: the scanner failed")
	ErrNoWIA          = errors.New("scan: scanning through WIA is not there yet")
)

// Device is a scanner that is connected.
type Device struct {
	Name   string // for Scan
	Vendor string
	Model  string
}

// Settings for a scan. The zero value is the norm's with room to spare: colour,
// 300 dpi, A4, one page from the glass. NĐ 30/2020/NĐ-CP, Phụ lục I, phần II
// asks for colour, 200 dpi and 100 %.
type Settings struct {
	DPI           float64 // 0 = 300
	Width, Height float64 // mm; 0 = A4
	Gray          bool    // shades of grey, which no copy may be made of
	Feeder        bool    // all pages in the feeder
	Duplex        bool    // with Feeder: both sides
}

// Scanner finds scanners and scans with them.
type Scanner interface {
	// Devices lists the scanners that are connected; ErrNoScanner when none is.
	Devices(ctx context.Context) ([]Device, error)

	// Scan scans into files in the folder dir, which the caller owns, and calls
	// page with the path of each as soon as it is complete, from its own
	// goroutine. Each tells its true resolution. A scanner with less room than
	// the paper gives as much as it has: the gate tells. An error of page, or
	// the end of ctx, stops the scanner; pages that are complete stay.
	Scan(ctx context.Context, device string, s Settings, dir string, page func(path string) error) error
}
