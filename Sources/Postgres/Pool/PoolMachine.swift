internal import DequeModule

/// Who gets which connection: the lending pool's rules without I/O, clock or server.
///
/// Callers are served in the order of their asking. Connections are made when somebody waits, at most two at a time;
/// the most recently used idle connection is lent first, so that superfluous ones grow old.
struct PoolMachine<Connection: Hashable, Waiter: Hashable> {
    /// What the pool must do.
    enum Action: Equatable {
        case lend(Connection, to: Waiter)
        case connect
        case close(Connection)
        case fail(Waiter)
    }

    private let maxConnections: Int
    private let maxWaiting: Int
    private let maxConnecting = 2

    private(set) var idle: [Connection] = []
    private(set) var busy: Set<Connection> = []
    private(set) var connecting = 0
    private var waiters = Deque<Waiter>()
    /// While true no connection is made: the last attempt failed a moment ago.
    private(set) var isPaused = false
    private(set) var isClosed = false

    init(maxConnections: Int, maxWaiting: Int) {
        self.maxConnections = max(1, maxConnections)
        self.maxWaiting = max(0, maxWaiting)
    }

    var waiting: Int { waiters.count }
    var connections: Int { idle.count + busy.count + connecting }

    /// Somebody wants a connection. Nil: refused, too many are waiting.
    mutating func request(_ waiter: Waiter) -> [Action]? {
        if isClosed { return [.fail(waiter)] }
        if waiters.isEmpty, let connection = idle.popLast() {
            busy.insert(connection)
            return [.lend(connection, to: waiter)]
        }
        // Those that a connection is on the way for, or may be opened for, wait too.
        guard waiters.count < maxWaiting else { return nil }
        waiters.append(waiter)
        return grow()
    }

    /// Somebody does not wait any more. False: it had been served or never came.
    @discardableResult
    mutating func withdraw(_ waiter: Waiter) -> Bool {
        guard let index = waiters.firstIndex(of: waiter) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// A connection has been made.
    mutating func connected(_ connection: Connection) -> [Action] {
        connecting -= 1
        isPaused = false
        if isClosed { return [.close(connection)] }
        return offer(connection) + grow()
    }

    /// A connection could not be made; the pool is to call ``resume()`` after a pause.
    /// - Parameter permanently: trying again would not help, so nobody is left waiting.
    mutating func connectFailed(permanently: Bool) -> [Action] {
        connecting -= 1
        isPaused = true
        if !permanently { return [] }
        return failAll()
    }

    /// The pause is over.
    mutating func resume() -> [Action] {
        isPaused = false
        return isClosed ? [] : grow()
    }

    /// A lent connection comes back.
    mutating func returned(_ connection: Connection, usable: Bool) -> [Action] {
        guard busy.remove(connection) != nil else { return [] }
        if usable, !isClosed { return offer(connection) }
        return [.close(connection)] + (isClosed ? [] : grow())
    }

    /// A connection has ended by itself. A lent one stays counted until it comes back.
    mutating func ended(_ connection: Connection) -> [Action] {
        idle.removeAll { $0 == connection }
        return isClosed ? [] : grow()
    }

    /// Takes an idle connection out, because it is too old or suspect.
    mutating func retire(_ connection: Connection) -> [Action] {
        guard let index = idle.firstIndex(of: connection) else { return [] }
        idle.remove(at: index)
        return [.close(connection)]
    }

    /// No more lending. Lent connections are closed as they come back.
    mutating func close() -> [Action] {
        isClosed = true
        let actions = idle.map { Action.close($0) }
        idle = []
        return actions + failAll()
    }

    private mutating func offer(_ connection: Connection) -> [Action] {
        if let waiter = waiters.popFirst() {
            busy.insert(connection)
            return [.lend(connection, to: waiter)]
        }
        idle.append(connection)
        return []
    }

    private mutating func failAll() -> [Action] {
        defer { waiters = [] }
        return waiters.map { .fail($0) }
    }

    private mutating func grow() -> [Action] {
        var actions: [Action] = []
        while !isPaused, connecting < maxConnecting, connecting < waiters.count, connections < maxConnections
        {
            connecting += 1
            actions.append(.connect)
        }
        return actions
    }
}
