package desk

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	comdlg32             = windows.NewLazySystemDLL("comdlg32.dll")
	getOpenFileName      = comdlg32.NewProc("GetOpenFileNameW")
	commDlgExtendedError = comdlg32.NewProc("CommDlgExtendedError")

	shell32             = windows.NewLazySystemDLL("shell32.dll")
	browseForFolder     = shell32.NewProc("SHBrowseForFolderW")
	getPathFromIDList   = shell32.NewProc("SHGetPathFromIDListW")
	coTaskMemFree       = windows.NewLazySystemDLL("ole32.dll").NewProc("CoTaskMemFree")
	user32              = windows.NewLazySystemDLL("user32.dll")
	getForegroundWindow = user32.NewProc("GetForegroundWindow")
)

// openFileName is OPENFILENAMEW of commdlg.h.
type openFileName struct {
	size                   uint32
	owner, instance        uintptr
	filter                 *uint16
	customFilter           *uint16
	maxCustomFilter        uint32
	filterIndex            uint32
	file                   *uint16
	maxFile                uint32
	fileTitle              *uint16
	maxFileTitle           uint32
	initialDir, title      *uint16
	flags                  uint32
	fileOffset, extOffset  uint16
	defaultExtension       *uint16
	customData, hook       uintptr
	template               *uint16
	reservedPtr            uintptr
	reserved, extendedFlag uint32
}

const (
	allowMultiSelect = 0x200
	pathMustExist    = 0x800
	fileMustExist    = 0x1000
	explorer         = 0x80000
	noChangeDir      = 0x8
)

// choose shows the common dialog over the window in front, which is ours.
func choose(_ context.Context, c Choice) ([]string, error) {
	if c.Folder {
		return chooseFolder(c)
	}
	owner, _, _ := getForegroundWindow.Call() // zero is a dialog without an owner
	title, err := windows.UTF16PtrFromString(c.Title)
	if err != nil {
		return nil, ErrNoDialog
	}
	names := make([]uint16, 1<<16) // many files of one folder
	o := openFileName{owner: owner, file: &names[0], maxFile: uint32(len(names)), title: title, flags: explorer | pathMustExist | fileMustExist | noChangeDir}
	o.size = uint32(unsafe.Sizeof(o))
	if c.Several {
		o.flags |= allowMultiSelect
	}
	if len(c.Extensions) > 0 {
		filter := append(utf16(c.Kinds), utf16("*"+strings.Join(c.Extensions, ";*"))...)
		filter = append(filter, 0)
		o.filter = &filter[0]
	}
	if ok, _, _ := getOpenFileName.Call(uintptr(unsafe.Pointer(&o))); ok == 0 {
		if code, _, _ := commDlgExtendedError.Call(); code != 0 {
			return nil, ErrNoDialog
		}
		return nil, nil
	}
	return split(names), nil
}

// split reads one path, or a folder and the names in it, with zeros between.
func split(names []uint16) []string {
	var parts []string
	for len(names) > 0 && names[0] != 0 {
		s := windows.UTF16ToString(names)
		parts = append(parts, s)
		names = names[len(utf16(s)):]
	}
	if len(parts) < 2 {
		return parts
	}
	for i, name := range parts[1:] {
		parts[i+1] = filepath.Join(parts[0], name)
	}
	return parts[1:]
}

// utf16 is s with its closing zero; a zero within ends it.
func utf16(s string) []uint16 {
	s, _, _ = strings.Cut(s, "\x00")
	u, err := windows.UTF16FromString(s)
	if err != nil {
		return []uint16{0} // no zero is in it
	}
	return u
}

// browseInfo is BROWSEINFOW of shlobj_core.h.
type browseInfo struct {
	owner, root    uintptr
	name, title    *uint16
	flags          uint32
	callback, data uintptr
	image          int32
}

const (
	onlyFileSystem = 0x1
	newDialogStyle = 0x40
)

func chooseFolder(c Choice) ([]string, error) {
	if err := windows.CoInitializeEx(0, windows.COINIT_APARTMENTTHREADED); err == nil {
		defer windows.CoUninitialize()
	}
	owner, _, _ := getForegroundWindow.Call()
	name := make([]uint16, windows.MAX_PATH)
	b := browseInfo{owner: owner, name: &name[0], title: &utf16(c.Title)[0], flags: onlyFileSystem | newDialogStyle}
	list, _, _ := browseForFolder.Call(uintptr(unsafe.Pointer(&b)))
	if list == 0 {
		return nil, nil
	}
	defer coTaskMemFree.Call(list) // it returns nothing
	path := make([]uint16, windows.MAX_PATH)
	if ok, _, _ := getPathFromIDList.Call(list, uintptr(unsafe.Pointer(&path[0]))); ok == 0 {
		return nil, nil
	}
	return []string{windows.UTF16ToString(path)}, nil
}

func show(path string) error {
	cmd := exec.Command("explorer.exe")
	cmd.SysProcAttr = &syscall.SysProcAttr{CmdLine: `explorer.exe /select,"` + path + `"`} // it reads quotes in its own way
	return cmd.Start()                                                                     // its exit code is 1 when all is well
}

func open(path string) error {
	verb, err := windows.UTF16PtrFromString("open")
	if err != nil {
		return err
	}
	file, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return err
	}
	return windows.ShellExecute(0, verb, file, nil, nil, windows.SW_SHOWNORMAL)
}

func display(func(string) string) error { return nil }

// Alert shows a message without a window of ours: there is no terminal to read it
// on.
func Alert(title, text string) {
	_, _ = windows.MessageBox(0, &utf16(text)[0], &utf16(title)[0], windows.MB_ICONERROR) // there is no other way to tell
}
