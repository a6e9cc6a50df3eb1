//go:build !windows

package scan

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"antin/signer/practice/machine"
)

// testScanner is SANE's own test back end, in a configuration of its own.
func testScanner(t *testing.T, extra ...string) sane {
	t.Helper()
	machine.Program(t, "scanimage", "sane-utils")
	dir := t.TempDir()
	for name, text := range map[string]string{"dll.conf": "test\n", "test.conf": "number_of_devices 2\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return sane{env: []string{"SANE_CONFIG_DIR=" + dir}, extra: extra}
}

func TestScannersAreListed(t *testing.T) {
	all, err := testScanner(t).Devices(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || all[0] != (Device{"test:0", "Noname", "frontend-tester"}) {
		t.Errorf("found %+v", all)
	}
}

func TestScanWithTheNormsSettings(t *testing.T) {
	s := testScanner(t, "--test-picture=Color pattern")
	for name, tc := range map[string]struct {
		set   Settings
		pages int
		want  Color
		dpi   float64
	}{
		"the norm's":     {Settings{}, 1, RealColor, 300},
		"200 dpi":        {Settings{DPI: 200}, 1, RealColor, 200},
		"150 dpi, small": {Settings{DPI: 150, Width: 148, Height: 200}, 1, RealColor, 150},
		"grey":           {Settings{DPI: 150, Gray: true}, 1, GrayLevels, 150},
		"feeder":         {Settings{DPI: 75, Feeder: true}, 10, RealColor, 75},
	} {
		t.Run(name, func(t *testing.T) {
			var files []File
			err := s.Scan(t.Context(), "test:0", tc.set, t.TempDir(), func(path string) error {
				files = append(files, File{Path: path})
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(files) != tc.pages {
				t.Fatalf("%d pages, want %d", len(files), tc.pages)
			}
			leaves, err := Leaves(t.Context(), files...)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "quet.pdf")
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(Write(t.Context(), f, NewPlan(leaves...), Properties{}), f.Close()); err != nil {
				t.Fatal(err)
			}
			r, err := CheckFile(t.Context(), path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			p := r.Pages[0]
			if math.Abs(p.DPI-tc.dpi) > 0.02*tc.dpi || p.Color != tc.want {
				t.Errorf("%.1f dpi, %s; want %.0f, %s", p.DPI, p.Color, tc.dpi, tc.want)
			}
			// The test device has a glass of 200 × 200 mm.
			if w := min(200, max(tc.set.Width, 148)); tc.set.Width > 0 && math.Abs(p.Width-w) > 1 {
				t.Errorf("%.1f mm wide, want %.0f", p.Width, w)
			}
			if low := tc.dpi < 200; low != (r.Verdict == Fail) && !tc.set.Gray {
				t.Errorf("%.0f dpi: %s", tc.dpi, r.Verdict)
			}
		})
	}
}

func TestScannerErrors(t *testing.T) {
	scan := func(s sane, device string, set Settings) error {
		return s.Scan(t.Context(), device, set, t.TempDir(), func(string) error { return nil })
	}
	for status, want := range map[string]error{
		"SANE_STATUS_JAMMED": ErrFeederJammed, "SANE_STATUS_NO_DOCS": ErrFeederEmpty, "SANE_STATUS_COVER_OPEN": ErrCoverOpen,
		"SANE_STATUS_DEVICE_BUSY": ErrScannerBusy, "SANE_STATUS_ACCESS_DENIED": ErrScannerAccess, "SANE_STATUS_IO_ERROR": ErrScannerFailed,
	} {
		if err := scan(testScanner(t, "--read-return-value="+status), "test:0", Settings{DPI: 75}); !errors.Is(err, want) {
			t.Errorf("%s: %v", status, err)
		}
	}
	s := testScanner(t)
	for name, tc := range map[string]struct {
		device string
		set    Settings
		want   error
	}{
		"unknown device": {"nowhere:0", Settings{}, ErrNoScanner},
		"an option":      {"--help", Settings{}, ErrNoScanner},
		"5000 dpi":       {"test:0", Settings{DPI: 5000}, ErrScannerSetting},
		"both sides":     {"test:0", Settings{Feeder: true, Duplex: true}, ErrScannerSetting},
	} {
		if err := scan(s, tc.device, tc.set); !errors.Is(err, tc.want) {
			t.Errorf("%s: got %v, want %v", name, err, tc.want)
		}
	}
	if err := scan(sane{program: "scanimage-that-is-not-there"}, "test:0", Settings{}); !errors.Is(err, ErrNoProgram) {
		t.Errorf("without the program: %v", err)
	}
	none := testScanner(t)
	if err := os.WriteFile(filepath.Join(none.env[0][len("SANE_CONFIG_DIR="):], "dll.conf"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if all, err := none.Devices(t.Context()); !errors.Is(err, ErrNoScanner) {
		t.Errorf("without scanners: %v, %v", all, err)
	}
}

func TestScanEndsWithItsContext(t *testing.T) {
	s := testScanner(t, "--read-delay=yes", "--read-delay-duration=200000", "--read-limit=yes", "--read-limit-size=1000")
	ctx, stop := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer stop()
	start := time.Now()
	err := s.Scan(ctx, "test:0", Settings{}, t.TempDir(), func(string) error { return nil })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > 8*time.Second {
		t.Errorf("took %v", took)
	}
}

// A driver that hangs does not hold the program: what was to come has come, or it
// is told.
func TestScannersThatHang(t *testing.T) {
	hanging := func(script string) sane {
		path := filepath.Join(t.TempDir(), "scanimage")
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
			t.Fatal(err)
		}
		return sane{program: path, page: 700 * time.Millisecond, end: 300 * time.Millisecond}
	}
	const options = `case "$*" in *--all-options*) echo "    --mode Gray|Color [Color]"; echo "    --resolution 75..600dpi [75]"; echo "    --source Flatbed|Automatic Document Feeder [Flatbed]"; exit;; esac; `
	for name, tc := range map[string]struct {
		script string
		set    Settings
		pages  int
		want   error
	}{
		"before its options":        {"exec sleep 60", Settings{}, 0, ErrScannerFailed},
		"before the page":           {options + "exec sleep 60", Settings{}, 0, ErrScannerFailed},
		"after the page":            {options + "echo a.jpg; exec sleep 60", Settings{}, 1, nil},
		"between pages of a feeder": {options + "echo a.jpg; echo b.jpg; exec sleep 60", Settings{Feeder: true}, 2, ErrScannerFailed},
	} {
		t.Run(name, func(t *testing.T) {
			pages, start := 0, time.Now()
			err := hanging(tc.script).Scan(t.Context(), "x:0", tc.set, t.TempDir(), func(string) error { pages++; return nil })
			if !errors.Is(err, tc.want) || pages != tc.pages {
				t.Errorf("%d pages and %v", pages, err)
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestScanStopsWhenThePageIsRefused(t *testing.T) {
	enough := errors.New("enough")
	pages := 0
	err := testScanner(t).Scan(t.Context(), "test:0", Settings{DPI: 75, Feeder: true}, t.TempDir(), func(string) error {
		pages++
		return enough
	})
	if !errors.Is(err, enough) || pages != 1 {
		t.Errorf("got %v after %d pages", err, pages)
	}
}

func TestOptionsOfRealScanners(t *testing.T) {
	listing := `
All options specific to device 'x':
  Scan mode:
    --resolution 75|150|300|600dpi [150]
    --mode Lineart|Gray|Color [Lineart]
    --source Flatbed|ADF|ADF Duplex [Flatbed]
  Geometry:
    -l 0..215.9mm [0]
    -x 0..215.9mm (in steps of 0.0211639) [103]
    -y 0..297.011mm [76.2]
    --lamp[=(yes|no)] [inactive]
`
	all := parseOptions(listing)
	got, err := arguments(all, Settings{Feeder: true, Duplex: true})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"--source=ADF Duplex", "--mode=Color", "--resolution=300", "-x", "210", "-y", "297"}
	if len(got) != len(want) {
		t.Fatalf("got %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if _, err := arguments(all, Settings{DPI: 200}); !errors.Is(err, ErrScannerSetting) {
		t.Errorf("200 dpi: %v", err)
	}
}
