package main

import (
	"errors"
	"image"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"antin/signer/practice/machine"
	"antin/signer/settings"
)

// disk is a small one that can be full.
type disk struct {
	t    *testing.T
	path string
}

// newDisk makes one of so many KiB below an office's folder.
func newDisk(t *testing.T, path string, kib int) *disk {
	t.Helper()
	check(t, os.MkdirAll(path, 0o700))
	if err := syscall.Mount("tmpfs", path, "tmpfs", 0, "size="+strconv.Itoa(kib)+"k"); err != nil {
		machine.Lacks(t, "no full disk is tried, a small one cannot be mounted: ", err)
	}
	t.Cleanup(func() { check(t, syscall.Unmount(path, syscall.MNT_DETACH)) })
	return &disk{t, path}
}

// fill leaves so many bytes of room.
func (d *disk) fill(left int) {
	d.t.Helper()
	f, err := os.Create(filepath.Join(d.path, ".filler"))
	check(d.t, err)
	defer f.Close()
	n := int64(0)
	for page := make([]byte, 4096); err == nil; n += 4096 {
		_, err = f.Write(page)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		d.t.Fatal(err)
	}
	check(d.t, f.Truncate(n-4096-int64(left)))
}

// free takes away what filled it.
func (d *disk) free() {
	d.t.Helper()
	check(d.t, os.Remove(filepath.Join(d.path, ".filler")))
}

// readOnly lets nobody write on it, or lets them again.
func (d *disk) readOnly(yes bool) {
	d.t.Helper()
	flags := uintptr(syscall.MS_REMOUNT)
	if yes {
		flags |= syscall.MS_RDONLY
	}
	check(d.t, syscall.Mount("tmpfs", d.path, "tmpfs", flags, ""))
}

// A leader's disk is full, then for reading only, then holds a file with the name
// of the result.
func TestFullDiskOfALeaderInTheWindow(t *testing.T) {
	o := newFaultyOffice(t, settings.Leader)
	d := newDisk(t, o.path("luu"), 1024)
	o.set(func(s *settings.Settings) { s.Output = d.path })
	o.documents("quyet-dinh.pdf", "den/1.pdf")
	s := o.screen()
	s.start(o.path("den/1.pdf"))
	d.fill(0)
	s.click(s.ready())
	s.reads(panelPart, "KS-613 Ổ đĩa đã đầy")
	s.picture("full")
	o.holds("luu", ".filler")
	d.free()
	d.readOnly(true)
	s.click(s.ready())
	s.reads(panelPart, "KS-612 Không ghi được")
	s.picture("read-only")
	d.readOnly(false)
	o.documents("quyet-dinh.pdf", "luu/1.daky.pdf")
	s.press()
	o.enter(s)
	o.appear(s, "luu/1.daky (2).pdf", 1, 20*time.Second)
	o.tries(1)
	o.holds("luu", "1.daky (2).pdf")
	o.holds("den")
}

// A clerk's is full after one of three documents.
func TestFullDiskOfAClerkInTheWindow(t *testing.T) {
	o := newFaultyOffice(t, settings.Clerk)
	d := newDisk(t, o.path("luu"), 1024)
	o.set(func(s *settings.Settings) { s.Output = d.path })
	o.documents("quyet-dinh.daky.pdf", "den/1.daky.pdf", "den/2.daky.pdf", "den/3.daky.pdf")
	s := o.screen()
	s.start(o.path("den"))
	s.reads(listPart, "3 sẵn sàng")
	for range 3 {
		s.keys("space")
		time.Sleep(150 * time.Millisecond)
	}
	s.reads(listPart, "3 đã xem")
	size, err := os.Stat(o.path("quyet-dinh.phathanh.pdf"))
	check(t, err)
	d.fill(int(size.Size()) * 3 / 2)
	s.press()
	o.enter(s)
	s.reads(panelPart, "KS-613 Ổ đĩa đã đầy")
	s.picture("full")
	o.holds("luu", ".filler", "1.phathanh.pdf")
	d.free()
	s.press()
	o.enter(s)
	o.appear(s, "luu/*.phathanh.pdf", 3, 20*time.Second)
	o.tries(2)
	o.holds("luu", "1.phathanh.pdf", "2.phathanh.pdf", "3.phathanh.pdf")
	o.holds("den")
	o.entered(3)
}

// The disk of a clerk who certifies a copy is full.
func TestFullDiskOfACopyInTheWindow(t *testing.T) {
	o := newFaultyOffice(t, settings.Clerk)
	d := newDisk(t, o.path("luu"), 8<<10)
	o.set(func(s *settings.Settings) { s.Output = d.path })
	o.documents("quet.pdf", "den/quet.pdf")
	s := o.screen()
	s.start(o.path("den/quet.pdf"))
	s.ready()
	d.fill(4096)
	s.click(s.ready())
	s.reads(panelPart, "KS-613 Ổ đĩa đã đầy")
	s.picture("full")
	o.holds("luu", ".filler")
	d.free()
	s.press()
	o.enter(s)
	o.appear(s, "luu/quet.saoy.pdf", 1, 20*time.Second)
	o.tries(1)
	o.holds("luu", "quet.saoy.pdf")
	o.holds("den")
}

// The disk with the clerk's settings and registers is full.
func TestFullHomeInTheWindow(t *testing.T) {
	o := newFaultyOffice(t, settings.Clerk)
	d := newDisk(t, o.path("nha"), 2<<10)
	check(t, os.CopyFS(filepath.Join(d.path, "cau-hinh"), os.DirFS(o.path("thiet-lap"))))
	check(t, os.RemoveAll(o.path("thiet-lap")))
	check(t, os.Symlink(filepath.Join(d.path, "cau-hinh"), o.path("thiet-lap")))
	o.documents("quyet-dinh.daky.pdf", "den/1.daky.pdf")
	s := o.screen()
	d.fill(0)
	s.start(o.path("den/1.daky.pdf"))
	s.reads(middlePart, "KS-613 Ổ đĩa đã đầy") // the settings
	s.picture("settings")
	s.keys("Return")
	s.reads(panelPart, "KS-613 Ổ đĩa đã đầy") // the register
	s.picture("register")
	d.free()
	s.click(image.Pt(1081, 345)) // try again
	s.press()
	o.enter(s)
	o.appear(s, "den/1.phathanh.pdf", 1, 20*time.Second)
	o.tries(1)
	o.holds("den", "1.phathanh.pdf")
	o.entered(1)
}
