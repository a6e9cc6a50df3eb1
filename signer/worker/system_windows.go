package worker

import (
	"os"
	"os/exec"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// prepare keeps the helper without a console window.
func prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: windows.CREATE_NO_WINDOW}
}

// tie puts the helper into a job that Windows ends together with this process.
// Without a job (a parent job may forbid it) the end of the pipe has to do.
func tie(p *os.Process) (untie func()) {
	none := func() {}
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return none
	}
	untie = func() { _ = windows.CloseHandle(job) }
	info := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{
			LimitFlags: windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
		},
	}
	if _, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info))); err != nil {
		untie()
		return none
	}
	h, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(p.Pid))
	if err != nil {
		untie()
		return none
	}
	defer windows.CloseHandle(h)
	if windows.AssignProcessToJobObject(job, h) != nil {
		untie()
		return none
	}
	return untie
}

var setForeground = windows.NewLazySystemDLL("user32.dll").NewProc("AllowSetForegroundWindow")

// allowForeground lets windows of the helper, such as a driver's own for the
// PIN, come before ours; they would open behind it.
func allowForeground(pid int) {
	if setForeground.Find() == nil {
		_, _, _ = setForeground.Call(uintptr(pid)) // refused when we are in the background ourselves
	}
}

// takePipes moves the protocol away from the standard handles. Libraries that
// are loaded later find standard error behind standard output.
func takePipes() (in, out *os.File, err error) {
	self := windows.CurrentProcess()
	var i, o windows.Handle
	if err := windows.DuplicateHandle(self, windows.Stdin, self, &i, 0, false, windows.DUPLICATE_SAME_ACCESS); err != nil {
		return nil, nil, err
	}
	if err := windows.DuplicateHandle(self, windows.Stdout, self, &o, 0, false, windows.DUPLICATE_SAME_ACCESS); err != nil {
		return nil, nil, err
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return nil, nil, err
	}
	if err := windows.SetStdHandle(windows.STD_INPUT_HANDLE, windows.Handle(null.Fd())); err != nil {
		return nil, nil, err
	}
	if err := windows.SetStdHandle(windows.STD_OUTPUT_HANDLE, windows.Stderr); err != nil {
		return nil, nil, err
	}
	os.Stdin, os.Stdout = null, os.Stderr
	return os.NewFile(uintptr(i), "requests"), os.NewFile(uintptr(o), "replies"), nil
}

// killSelf ends the process without DLL_PROCESS_DETACH.
func killSelf() {
	_ = windows.TerminateProcess(windows.CurrentProcess(), 1)
	select {}
}

// harden keeps Windows from showing a fault dialog or writing a fault report
// with the memory of the process.
func harden() {
	windows.SetErrorMode(windows.SEM_FAILCRITICALERRORS | windows.SEM_NOGPFAULTERRORBOX | windows.SEM_NOOPENFILEERRORBOX)
}
