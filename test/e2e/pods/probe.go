package main

import (
	"bufio"
	"errors"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

type probe struct {
	From     string `json:"from"`
	To       string `json:"to"` // an address
	Port     int    `json:"port"`
	Protocol string `json:"protocol"`
}

type probes struct {
	Probes    []probe `json:"probes"`
	TimeoutMs int     `json:"timeoutMs"`
}

// probeAll answers, for each probe, with the name of who answered it, `refused` where nobody listens, and “ if nothing came back.
func probeAll(with probes) (any, error) {
	answers := make([]string, len(with.Probes))
	failures := make([]error, len(with.Probes))
	var waiting sync.WaitGroup
	slots := make(chan struct{}, 2000) // sockets open at once
	for i, one := range with.Probes {
		waiting.Add(1)
		slots <- struct{}{}
		go func() {
			defer waiting.Done()
			answers[i], failures[i] = ask(one, time.Duration(with.TimeoutMs)*time.Millisecond)
			<-slots
		}()
	}
	waiting.Wait()
	return answers, errors.Join(failures...)
}

func ask(one probe, timeout time.Duration) (string, error) {
	if one.Protocol == "ICMP" {
		return ping(one, timeout)
	}
	end := time.Now().Add(timeout)
	connection, err := dial(one.From, network(one.Protocol), joined(one.To, one.Port), timeout)
	if err != nil {
		return outcome(err)
	}
	defer connection.Close()
	reader := bufio.NewReader(connection)
	for again := 100 * time.Millisecond; ; again *= 2 {
		if one.Protocol == "UDP" && time.Now().Add(again).Before(end) {
			_ = connection.SetReadDeadline(time.Now().Add(again)) // a datagram may be lost, so ask again
		} else {
			_ = connection.SetReadDeadline(end)
		}
		if _, err := connection.Write([]byte("?")); err != nil {
			return outcome(err)
		}
		name, err := reader.ReadString('\n')
		if err == nil {
			return strings.TrimSuffix(name, "\n"), nil
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) || !time.Now().Before(end) {
			return outcome(err)
		}
	}
}

func outcome(err error) (string, error) {
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused", nil
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "unreachable", nil
	case errors.As(err, &timeout) && timeout.Timeout():
		return "", nil
	}
	return "", err
}

func network(protocol string) string {
	return strings.ToLower(protocol) + "4"
}
