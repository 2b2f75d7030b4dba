package main

import (
	"io"
	"net"
)

type service struct {
	In       string `json:"in"`
	Protocol string `json:"protocol"`
	Ports    []int  `json:"ports"`
}

// serve answers whoever comes with the name of the namespace: once a datagram, and once a line of a connection.
func serve(with service) (any, error) {
	for _, port := range with.Ports {
		if err := servePort(with, port); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func servePort(with service, port int) error {
	address := joined("0.0.0.0", port)
	if with.Protocol == "UDP" {
		socket, err := listenPacket(with.In, "udp4", address)
		if err == nil {
			go echoPackets(socket, with.In)
		}
		return err
	}
	listener, err := listen(with.In, "tcp4", address)
	if err == nil {
		go accept(listener, func(c net.Conn) { greet(c, with.In) })
	}
	return err
}

func accept(listener net.Listener, take func(net.Conn)) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go take(connection)
	}
}

func greet(connection net.Conn, name string) {
	defer connection.Close()
	asked := make([]byte, 1)
	for {
		if _, err := connection.Read(asked); err != nil {
			return
		}
		if _, err := io.WriteString(connection, name+"\n"); err != nil {
			return
		}
	}
}

func echoPackets(socket net.PacketConn, name string) {
	asked := make([]byte, 16)
	for {
		_, from, err := socket.ReadFrom(asked)
		if err != nil {
			return
		}
		_, _ = socket.WriteTo([]byte(name+"\n"), from)
	}
}

type relayed struct {
	To   string `json:"to"`
	Port int    `json:"port"`
}

// relay makes a port of the home namespace's loopback device the same port of another one's.
func relay(with relayed) (any, error) {
	address := joined("127.0.0.1", with.Port)
	listener, err := listen(with.To, "tcp4", address)
	if err != nil {
		return nil, err
	}
	go accept(listener, func(near net.Conn) {
		defer near.Close()
		far, err := net.Dial("tcp4", address)
		if err != nil {
			return
		}
		defer far.Close()
		go func() {
			_, _ = io.Copy(far, near)
			far.Close()
		}()
		_, _ = io.Copy(near, far)
	})
	return nil, nil
}
