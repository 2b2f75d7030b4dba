package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// The namespaces made so far, by name; the empty name is the one that this process was started in.
var namespaces = struct {
	sync.RWMutex
	files map[string]*os.File
}{files: map[string]*os.File{"": current()}}

func current() *os.File {
	file, err := os.Open("/proc/thread-self/ns/net")
	if err != nil {
		panic(err)
	}
	return file
}

func fileOf(name string) (*os.File, error) {
	namespaces.RLock()
	defer namespaces.RUnlock()
	file, ok := namespaces.files[name]
	if !ok {
		return nil, fmt.Errorf("there is no namespace %q", name)
	}
	return file, nil
}

type named struct {
	Name string `json:"name"`
}

// makeNamespace answers with a path by which other processes find it.
func makeNamespace(with named) (any, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return nil, err
	}
	file := current()
	home, _ := fileOf("")
	if err := unix.Setns(int(home.Fd()), unix.CLONE_NEWNET); err != nil {
		panic(err)
	}
	namespaces.Lock()
	namespaces.files[with.Name] = file
	namespaces.Unlock()
	return fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), file.Fd()), nil
}

// enter moves the thread of the caller into a namespace until leave is called, which may be done more than once.
func enter(name string) (leave func(), err error) {
	file, err := fileOf(name)
	if err != nil {
		return nil, err
	}
	home, _ := fileOf("")
	runtime.LockOSThread()
	if err := unix.Setns(int(file.Fd()), unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		return nil, err
	}
	return sync.OnceFunc(func() {
		if err := unix.Setns(int(home.Fd()), unix.CLONE_NEWNET); err != nil {
			panic(err)
		}
		runtime.UnlockOSThread()
	}), nil
}

type command struct {
	In      string   `json:"in"`
	Command []string `json:"command"`
	Input   string   `json:"input"`
}

// run answers with what the command prints.
func run(with command) (any, error) {
	leave, err := enter(with.In)
	if err != nil {
		return nil, err
	}
	defer leave()
	started := exec.Command(with.Command[0], with.Command[1:]...)
	started.Stdin = strings.NewReader(with.Input)
	output, err := started.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%v: %w: %s", with.Command, err, output)
	}
	return string(output), nil
}
