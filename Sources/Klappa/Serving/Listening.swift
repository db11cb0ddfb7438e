import Glibc

/// A port that cannot be listened on.
struct ListeningError: Error, CustomStringConvertible {
    let description: String
}

/// Asks whether a port is free before anything is started for it.
enum Listening {
    /// Binds for a moment.
    ///
    /// - Throws: ``ListeningError``: taken, not allowed, or no such address.
    static func check(host: String, port: Int, option: String) throws(ListeningError) {
        guard port != 0 else { return }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let first = list else {
            throw ListeningError(
                description: "There is no address \(host) on this machine; choose another --host."
            )
        }
        defer { freeaddrinfo(list) }
        let descriptor = socket(first.pointee.ai_family, first.pointee.ai_socktype, 0)
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) != 0 else {
            // Bound twice with SO_REUSEADDR is refused only while another listens.
            guard listen(descriptor, 1) != 0, errno == EADDRINUSE else { return }
            throw taken(host, port, option)
        }
        switch errno {
        case EADDRINUSE:
            throw taken(host, port, option)
        case EACCES:
            throw ListeningError(
                description: "Only root may listen on port \(port); choose one above 1023 with \(option)."
            )
        default:
            throw ListeningError(
                description:
                    "Cannot listen on \(host):\(port): \(String(cString: strerror(errno))); choose others with "
                    + "--host and \(option)."
            )
        }
    }

    private static func taken(_ host: String, _ port: Int, _ option: String) -> ListeningError {
        ListeningError(
            description:
                "Port \(port) of \(host) is taken by another program (perhaps another klappa); stop it or choose "
                + "another port with \(option)."
        )
    }
}
