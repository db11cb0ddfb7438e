internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Postgres
internal import Web

/// What Klappa holds about whoever is signed in: told, handed out as one file, and erased.
struct OwnDataPages: Sendable {
    let site: Site
    let databases: Databases
    let photos: PhotoStore?

    /// Without language.
    static let home = "/account/data"

    /// All addresses of these pages.
    func add(to table: inout RouteTable) {
        for language in Language.allCases {
            table.member("/\(language)\(Self.home)") { _, _, member in try await show(member, language) }
            table.member("/\(language)\(Self.home)/export") { _, _, member in
                try await export(member, language)
            }
            table.member("/\(language)\(Self.home)/erase") { _, _, member in
                try await ask(Form(site.words(language)), member, language)
            }
            table.member("/\(language)\(Self.home)/erase", .post) { request, context, member in
                try await erase(request, context, member, language)
            }
        }
    }

    private func head(_ key: String, _ language: Language, path: String = "", status: Int = 200) -> Site.Head
    {
        let words = site.words(language)
        return Site.Head(
            language: language,
            title: words("data.\(key)"),
            description: words("data.description"),
            path: Self.home + path,
            isUnlisted: true,
            status: status
        )
    }

    // MARK: Telling

    private func show(_ member: SignedIn, _ language: Language) async throws -> Answer {
        let data = try await databases.member.transaction(settings: member.reader.settings) {
            try await OwnDataQueries.all($0)
        }
        let words = site.words(language)
        let view: View = [
            "base": .text("/\(language)\(Self.home)"),
            "parts": .list(
                data.counts.map { part, path, count in
                    [
                        "name": .text(words("data.part.\(part)")),
                        "about": .text(words("data.about.\(part)")),
                        "count": .text(words.count("data.records", count)),
                        "link": path.map { .text("/\(language)\($0)") } ?? .absent,
                        "label": .text(words("data.seeLabel", ["part": words("data.part.\(part)")])),
                    ]
                }
            ),
        ]
        return try site.answer("privacy/data", view, head("title", language))
    }

    private func export(_ member: SignedIn, _ language: Language) async throws -> Answer {
        let (data, withheld, files) = try await databases.member.transaction(
            settings: member.reader.settings
        ) { transaction in
            (
                try await OwnDataQueries.all(transaction), try await OwnDataQueries.withheld(transaction),
                try await Self.files(transaction)
            )
        }
        let archive = OwnDataArchive(
            data: data,
            withheld: withheld,
            words: site.words(language),
            photos: photos,
            answers: site.settings.answers.map { AnswerFiles(folder: $0) },
            files: files
        )
        var answer = Answer(
            body: ByteBuffer(bytes: archive.bytes()),
            contentType: "application/zip",
            caching: .none
        )
        answer.headers[.contentDisposition] =
            "attachment; filename=\"klappa-\(Day.todayInStockholm).zip\""
        return answer
    }

    /// The files of the reader's own applications, under row security.
    private static func files(_ transaction: Transaction) async throws -> [(hash: String, name: String)] {
        let rows = try await transaction.query(
            """
            SELECT encode(f.hash, 'hex') AS hash, f.name
            FROM klappa.answer_file f
            JOIN klappa.application a ON a.id = f.application
            WHERE a.account = klappa.reader()
            ORDER BY f.application, f.question
            """
        )
        return try rows.map { (try $0.decode(String.self, "hash"), try $0.decode(String.self, "name")) }
    }

    // MARK: Erasing

    private func ask(_ form: Form, _ member: SignedIn, _ language: Language) async throws -> Answer {
        let cases = try await databases.member.transaction(settings: member.reader.settings) {
            try await OwnDataQueries.archived($0)
        }
        let words = form.words
        let view: View = [
            "back": .text("/\(language)\(Self.home)"),
            "action": .text("/\(language)\(Self.home)/erase"),
            "errorSummary": form.summary,
            "hasCases": .flag(!cases.isEmpty),
            "cases": .list(
                cases.map { one in
                    [
                        "title": .text(one.title[language]),
                        "number": .text(one.number),
                        "why": .text(words("data.case.\(one.kind.rawValue)")),
                    ]
                }
            ),
            "sure": .view(FormField("sure", words("data.sure"), .tick).view(form)),
        ]
        return try site.answer(
            "privacy/erase",
            view,
            head("eraseTitle", language, path: "/erase", status: form.status)
        )
    }

    private func erase(
        _ request: Request,
        _ context: WebContext,
        _ member: SignedIn,
        _ language: Language
    ) async throws -> Answer {
        var form = try await site.form(request, context, limit: 8 << 10)
        if !form.has("sure") { form.refuse("sure", form.words("data.sureNeeded")) }
        guard form.isValid else { return try await ask(form, member, language) }
        do {
            try await Writes.transaction(databases, as: member.reader) {
                _ = try await OwnDataQueries.erase($0)
            }
        } catch let error as PostgresError where error.constraint == "account_last_administrator" {
            form.refuse("sure", form.words("data.lastAdministrator"))
            return try await ask(form, member, language)
        }
        var answer = site.redirect(to: "/\(language)", notice: "data.erased")
        answer.headers.append(context.visit.cookies.field(Visit.CookieWord.session, "", maxAge: 0))
        return answer
    }
}

extension HTTPField.Name {
    /// How a browser keeps an answer (RFC 6266).
    static let contentDisposition: HTTPField.Name = {
        guard let name = HTTPField.Name("Content-Disposition") else { preconditionFailure("a field name") }
        return name
    }()
}
