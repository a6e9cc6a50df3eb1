package scan

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// sane uses scanimage(1) of SANE: a back end that crashes or hangs costs that
// process.
type sane struct {
	program string   // "" = scanimage
	env     []string // beside the process's own
	extra   []string // options of a device that Settings do not have

	page, end time.Duration // how long a page may take, and the end of scanimage after the last one; 0 = pageTime, endTime
}

// Drivers hang, now and then even SANE's own for tests: after its last page, when
// everything is there.
const (
	pageTime = 4 * time.Minute // a slow scanner takes two for A3 at 600 dpi
	endTime  = 15 * time.Second
)

// Devices can take some seconds: back ends look at the network.
func (s sane) Devices(ctx context.Context) ([]Device, error) {
	out, err := s.run(ctx, "--formatted-device-list=%d\x1f%v\x1f%m%n")
	if err != nil {
		return nil, err
	}
	var all []Device
	for line := range strings.Lines(out) {
		all = append(all, deviceOf(strings.TrimSpace(line))...)
	}
	if len(all) == 0 {
		return nil, ErrNoScanner
	}
	return all, nil
}

func deviceOf(line string) []Device {
	parts := strings.SplitN(line, "\x1f", 3)
	if len(parts) != 3 || parts[0] == "" {
		return nil
	}
	return []Device{{Name: parts[0], Vendor: parts[1], Model: parts[2]}}
}

func (s sane) Scan(ctx context.Context, device string, set Settings, dir string, page func(path string) error) error {
	if device == "" || strings.HasPrefix(device, "-") {
		return fmt.Errorf("%w: %q", ErrNoScanner, device)
	}
	listing, err := s.run(ctx, "--device-name="+device, "--all-options")
	if err != nil {
		return err
	}
	args, err := arguments(parseOptions(listing), set)
	if err != nil {
		return err
	}
	args = append([]string{"--device-name=" + device}, append(args, s.extra...)...)
	args = append(args, "--format=jpeg", "--batch="+filepath.Join(strings.ReplaceAll(dir, "%", "%%"), "trang-%d.jpg"), "--batch-print")
	if !set.Feeder {
		args = append(args, "--batch-count=1")
	}
	return s.batch(ctx, args, !set.Feeder, page)
}

var errSilent = errors.New("scan: nothing has come from the scanner for too long")

// batch runs scanimage, which prints the name of each page that is complete.
func (s sane) batch(ctx context.Context, args []string, single bool, page func(path string) error) error {
	run, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	patience := time.AfterFunc(cmp.Or(s.page, pageTime), func() { stop(errSilent) })
	defer patience.Stop()
	cmd := s.command(run, args...)
	var says limited
	cmd.Stderr = &says
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return missing(err)
	}
	pages := 0
	var own error
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if path := strings.TrimSpace(lines.Text()); path != "" && own == nil {
			pages++
			if own = page(path); own != nil {
				stop(own)
			}
			if single {
				patience.Reset(cmp.Or(s.end, endTime))
			} else {
				patience.Reset(cmp.Or(s.page, pageTime))
			}
		}
	}
	err = cmd.Wait()
	switch {
	case own != nil:
		return own
	case ctx.Err() != nil:
		return ctx.Err()
	case run.Err() != nil && single && pages == 1: // nothing more was to come
		return nil
	case run.Err() != nil:
		return fmt.Errorf("after %d pages: %w: %w", pages, ErrScannerFailed, context.Cause(run))
	}
	// An empty feeder ends every batch.
	if failed := saneError(says.String(), err); failed != nil && !(pages > 0 && errors.Is(failed, ErrFeederEmpty)) {
		return fmt.Errorf("after %d pages: %w", pages, failed)
	}
	if pages == 0 {
		return fmt.Errorf("%w: no page: %s", ErrScannerFailed, says.String())
	}
	return nil
}

func (s sane) run(ctx context.Context, args ...string) (string, error) {
	run, stop := context.WithTimeoutCause(ctx, cmp.Or(s.page, pageTime), errSilent)
	defer stop()
	cmd := s.command(run, args...)
	var out, says limited
	cmd.Stdout, cmd.Stderr = &out, &says
	err := missing(cmd.Run())
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case run.Err() != nil:
		return "", fmt.Errorf("%w: %w", ErrScannerFailed, context.Cause(run))
	}
	if err != nil {
		return "", cmp.Or(saneError(says.String(), err), err)
	}
	return out.String(), nil
}

func (s sane) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, cmp.Or(s.program, "scanimage"), args...)
	cmd.Env = append(append(os.Environ(), "LC_ALL=C"), s.env...) // names of options and errors in English
	// SIGINT lets the scanner put out its lamp and its paper.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

func missing(err error) error {
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("%w: %w", ErrNoProgram, err)
	}
	return err
}

// limited keeps the first part of what a program says.
type limited struct{ bytes.Buffer }

func (l *limited) Write(b []byte) (int, error) {
	if room := 1<<20 - l.Len(); room > 0 {
		l.Buffer.Write(b[:min(len(b), room)])
	}
	return len(b), nil
}

// saneErrors are SANE's status texts (SANE standard 1.06, 4.3.3 and 4.2.7).
var saneErrors = []struct {
	says string
	err  error
}{
	{"out of documents", ErrFeederEmpty},
	{"feeder jammed", ErrFeederJammed},
	{"cover is open", ErrCoverOpen},
	{"Device busy", ErrScannerBusy},
	{"has been denied", ErrScannerAccess},
	{"no SANE devices found", ErrNoScanner},
	{"open of device", ErrNoScanner},
	{"setting of option", ErrScannerSetting},
	{"unrecognized option", ErrScannerSetting},
	{"Invalid argument", ErrScannerSetting},
	{"not supported", ErrScannerSetting},
}

// saneError is what scanimage complains of; nil when it succeeded and does not
// complain of the feeder.
func saneError(says string, err error) error {
	if err == nil && !strings.Contains(says, "out of documents") && !strings.Contains(says, "jammed") && !strings.Contains(says, "cover is open") {
		return nil
	}
	for _, e := range saneErrors {
		if strings.Contains(says, e.says) {
			return fmt.Errorf("%w: %s", e.err, lastLine(says))
		}
	}
	return fmt.Errorf("%w: %s: %w", ErrScannerFailed, lastLine(says), cmp.Or(err, errors.New("stopped")))
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}

// option is a setting of a device as scanimage lists it.
type option struct {
	values []string // to choose from
	lo, hi float64  // or a range; both 0 for none
}

var (
	optionLine = regexp.MustCompile(`^    (--?[a-z][a-z0-9-]*)(?:\[=\(|  ?)?(.*) \[([^\]]*)\]`)
	rangeText  = regexp.MustCompile(`^(-?[0-9.]+)\.\.(-?[0-9.]+)[a-z%]*(?: |$)`)
)

// parseOptions reads the answer to --all-options.
func parseOptions(listing string) map[string]option {
	all := map[string]option{}
	for line := range strings.Lines(listing) {
		m := optionLine.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if m == nil || m[3] == "inactive" {
			continue
		}
		var o option
		if r := rangeText.FindStringSubmatch(m[2]); r != nil {
			lo, err1 := strconv.ParseFloat(r[1], 64)
			hi, err2 := strconv.ParseFloat(r[2], 64)
			if err1 != nil || err2 != nil {
				continue
			}
			o.lo, o.hi = lo, hi
		} else {
			o.values = strings.Split(m[2], "|")
		}
		all[m[1]] = o
	}
	return all
}

// arguments are the options that give the settings on this device.
func arguments(all map[string]option, s Settings) ([]string, error) {
	var args []string
	choose := func(name string, required bool, words ...string) error {
		o, ok := all[name]
		if !ok {
			return nil // a device that cannot choose has one way only
		}
		for _, word := range words {
			for _, v := range o.values {
				if duplex := strings.Contains(strings.ToLower(v), "duplex"); strings.Contains(strings.ToLower(v), word) && (name != "--source" || duplex == s.Duplex) {
					args = append(args, name+"="+v)
					return nil
				}
			}
		}
		if required {
			return fmt.Errorf("%w: %s is one of %q", ErrScannerSetting, name, o.values)
		}
		return nil
	}
	mode := []string{"color", "colour"}
	if s.Gray {
		mode = []string{"gray", "grey"}
	}
	source := []string{"flatbed"}
	if s.Feeder {
		source = []string{"feeder", "adf", "duplex"}
	}
	if _, ok := all["--source"]; s.Feeder && !ok {
		return nil, fmt.Errorf("%w: no feeder", ErrScannerSetting)
	}
	if err := errors.Join(choose("--source", s.Feeder, source...), choose("--mode", true, mode...)); err != nil {
		return nil, err
	}
	dpi := cmp.Or(s.DPI, 300)
	if o, ok := all["--resolution"]; ok {
		if !o.has(dpi) {
			return nil, fmt.Errorf("%w: %g dpi", ErrScannerSetting, dpi)
		}
		args = append(args, fmt.Sprintf("--resolution=%g", dpi))
	}
	for _, side := range []struct {
		name string
		mm   float64
	}{{"-x", cmp.Or(s.Width, 210)}, {"-y", cmp.Or(s.Height, 297)}} {
		if o, ok := all[side.name]; ok && o.hi > o.lo {
			args = append(args, side.name, fmt.Sprintf("%g", max(o.lo, min(o.hi, side.mm))))
		}
	}
	return args, nil
}

// has tells whether a number is among the values.
func (o option) has(v float64) bool {
	for _, s := range o.values {
		if n, err := strconv.ParseFloat(strings.TrimRight(s, "dpi "), 64); err == nil && n == v {
			return true
		}
	}
	return o.hi > 0 && v >= o.lo && v <= o.hi
}
