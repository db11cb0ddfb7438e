public import FoundationEssentials
public import Web

/// Who is signed in, as pages name them.
public struct SignedIn: Hashable, Sendable {
    /// The session, for telling it from others of the account.
    public let session: UUID
    /// The account.
    public let account: UUID
    /// As they call themselves.
    public let name: String
    /// Where their letters go; nil for who has none.
    public let email: String?
    /// In which language their letters are.
    public let language: Language
    /// What they may do.
    public let grants: [Grant]
    /// What the tokens of the session's forms are made from.
    let formKey: [UInt8]

    /// The same as the one who asks.
    public var reader: Reader { .member(account: account, grants: grants) }
}

/// One visit of a page: who comes, with which token their forms are sent, and what they shall be told.
///
/// ``Authentication`` makes it from the cookies of a request. The frame of the page that is being printed finds it in
/// ``current``, so that no page has to hand it on.
public struct Visit: Sendable {
    /// Nil for a stranger.
    public let member: SignedIn?
    /// How cookies are set.
    public let cookies: CookieRules
    /// What forms prove to know.
    let token: FormToken
    /// The stranger's secret that the browser does not have yet: sent with the first page that prints a form.
    let newSecret: Secret?
    /// What happened just before, told once.
    let notice: Notice?

    /// The visit that the running task serves.
    @TaskLocal public static var current: Visit?

    /// - Parameters:
    ///   - member: who is signed in.
    ///   - secret: of a stranger's forms, from the browser's cookie; without one a new one is drawn.
    init(
        _ member: SignedIn? = nil,
        secret: Secret? = nil,
        notice: Notice? = nil,
        cookies: CookieRules = CookieRules(isSecure: false)
    ) {
        self.member = member
        self.cookies = cookies
        self.notice = notice
        if let member {
            newSecret = nil
            token = FormToken(secret: member.formKey)
        } else {
            newSecret = secret == nil ? Secret.random() : nil
            token = FormToken(secret: (secret ?? newSecret)?.bytes ?? [])
        }
    }

    /// Who asks.
    public var reader: Reader { member?.reader ?? .anyone }

    /// Names of the cookies, without their prefix.
    enum CookieWord {
        static let session = "klappa"
        static let form = "klappa-form"
        static let asked = "klappa-asked"
        static let notice = "klappa-notice"
    }
}

/// A sentence that the next page shows once: what was saved, sent or ended.
struct Notice: Hashable, Sendable {
    /// Key of the text.
    let key: String
    /// What is filled in.
    let values: [String: String]

    init(_ key: String, _ values: [String: String] = [:]) {
        self.key = key
        self.values = values
    }

    /// Reads a cookie.
    init?(cookie: String) {
        guard let bytes = Base64URL.decode(cookie), let text = String(validating: bytes, as: UTF8.self) else {
            return nil
        }
        let query = PageQuery(text)
        guard let first = query.items.first, first.name == "key" else { return nil }
        key = first.value
        values = Dictionary(
            query.items.dropFirst().map { ($0.name, $0.value) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// As a cookie carries it.
    var cookie: String {
        var query = PageQuery()
        query.add("key", key)
        for name in values.keys.sorted() { query.add(name, values[name].map { String($0.prefix(300)) }) }
        return Base64URL.encode(query.encoded.utf8)
    }
}
