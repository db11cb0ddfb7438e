public import Foundation
internal import HTTPTypes
public import Web

/// The pages of the service: templates, texts and assets together, and the frame that every page stands in.
///
/// The files beside this one: `SitePages` has the pages that belong to no feature, `ProblemPage` the errors,
/// `SiteRegions` what a page says about the six regions. A feature prints a page with ``answer(_:_:_:)``.
public struct Site: Sendable {
    /// What an installation says about itself.
    public struct Settings: Sendable {
        /// `https://klappa.example`: the public address without a slash at its end, for canonical links; nil leaves
        /// them relative to the host that was asked.
        public var origin: String?
        /// Where reports on accessibility go, an address for mail; nil names the film commissions instead.
        public var contact: String?
        /// The letters of a demonstration, shown on a page to who sits at the machine; nil shows none.
        public var keptLetters: KeptLetters?

        /// Through whom staff may sign in.
        public var openID = OpenIDProviders()
        /// The directory of the files that answer questions of applications; nil takes no files.
        public var answers: URL?
        /// Where the tiles under the map come from; nil draws the outlines of the regions instead.
        public var tiles: Tiles?
        /// The folder in which Debian has the scripts of Leaflet and its clusters; without them maps stay drawn.
        public var scripts = "/usr/share/javascript/leaflet"

        /// A server of map tiles.
        public struct Tiles: Sendable {
            /// `https://tiles.example/{z}/{x}/{y}.png`.
            public var address: String
            /// Whom they come from, as their server asks to be named.
            public var attribution: String?

            /// See the properties of the same names.
            public init(address: String, attribution: String?) {
                self.address = address
                self.attribution = attribution
            }

            /// `https://tiles.example`: from where pages load pictures.
            public var origin: String {
                address.split(separator: "/", omittingEmptySubsequences: false).prefix(3).joined(
                    separator: "/"
                )
            }
        }

        /// See the properties of the same names.
        public init(
            origin: String? = nil,
            contact: String? = nil,
            answers: URL? = nil,
            tiles: Tiles? = nil,
            keptLetters: KeptLetters? = nil,
            openID: OpenIDProviders = .init()
        ) {
            self.origin = origin
            self.contact = contact
            self.answers = answers
            self.tiles = tiles
            self.keptLetters = keptLetters
            self.openID = openID
        }
    }

    /// Every sentence of the pages.
    public let texts: Texts
    /// Style sheet, script, pictures and fonts.
    public let assets: Assets
    let templates: Templates
    let settings: Settings
    let fonts: [String]

    /// Reads templates, texts and assets from the bundle of this module.
    /// - Throws: ``PageError`` naming the file that is wrong.
    public init(settings: Settings = .init()) throws {
        guard let resources = Bundle.module.resourceURL else { throw PageError("the resources are missing") }
        texts = try Texts(folder: resources.appending(path: "Texts"))
        assets = try Assets(
            folder: resources.appending(path: "Assets"),
            also: [
                "leaflet/leaflet.js": "leaflet.min.js", "leaflet/leaflet.css": "leaflet.css",
                "leaflet/markercluster.js": "leaflet.markercluster.min.js",
                "leaflet/markercluster.css": "MarkerCluster.css",
            ].mapValues { URL(filePath: settings.scripts).appending(path: $0) }
        )
        templates = try Templates(
            folder: resources.appending(path: "Templates"),
            texts: texts,
            assets: assets
        )
        fonts = ["fonts/klappa-text.woff2", "fonts/klappa-title.woff2"].compactMap(assets.address(of:))
        self.settings = settings
    }

    /// For writing letters.
    public var letters: LetterTexts { LetterTexts(texts) }

    /// The texts in one language.
    func words(_ language: Language) -> Wording { Wording(texts, in: language) }

    /// What the frame needs to know of a page.
    struct Head {
        var language: Language
        var title: String
        var description: String
        /// The address without its language: `/crew`, empty for the first page; nil for an error.
        var path: String?
        /// What belongs to the address in links to it: the search, with ISO dates.
        var query = PageQuery()
        var section: Section?
        /// Results use the wide frame.
        var isWide = false
        /// Whether something invented is shown.
        var isDemonstration = false
        /// Not for the catalogues of search engines: variants without end, errors.
        var isUnlisted = false
        var status = 200
    }

    /// An entry of the main menu.
    enum Section: String, CaseIterable {
        case crew, companies, locations, staffing, talent, strategy, about, inquire, inquiries

        var path: String {
            switch self {
            case .crew: "/crew"
            case .companies: "/companies"
            case .locations: "/locations"
            case .staffing: "/crew/staffing"
            case .strategy: "/strategy"
            case .talent: "/programmes"
            case .about: "/about"
            case .inquire: "/inquiries/new"
            case .inquiries: "/inquiries"
            }
        }
    }

    /// Prints a page.
    ///
    /// - Parameters:
    ///   - template: its name, `crew/search`.
    ///   - view: what the template needs besides the frame.
    /// - Throws: ``PageError`` when the template wants a name that the view lacks.
    func answer(_ template: String, _ view: View, _ head: Head) throws -> Answer {
        var view = view
        view["page"] = .view(frame(head))
        guard let page = templates.render(template, view, in: head.language) else {
            throw PageError("there is no template \(template)")
        }
        guard page.missing.isEmpty else {
            throw PageError("\(template) lacks \(page.missing.joined(separator: ", "))")
        }
        var answer = Answer.html(page.html, language: head.language, status: .init(code: head.status))
        if let visit = Visit.current {
            // A stranger's browser learns its secret with the first form that it is shown.
            if let secret = visit.newSecret, page.html.contains("name=\"csrf\"") {
                answer.headers.append(visit.cookies.field(Visit.CookieWord.form, secret.text, maxAge: nil))
            }
            if visit.notice != nil {
                answer.headers.append(visit.cookies.field(Visit.CookieWord.notice, "", maxAge: 0))
            }
        }
        return answer
    }

    /// What the frame says to and of the one who comes.
    private func visitor(_ language: Language) -> View {
        let words = words(language)
        let visit = Visit.current
        let notice = visit?.notice.flatMap { notice in
            texts.text(notice.key, in: language).map { _ in words(notice.key, notice.values) }
        }
        return [
            "token": .text(visit?.token.printed ?? ""),
            "notice": .optional(notice),
            "signedIn": .optional(
                visit?.member.map {
                    ["name": .text($0.name), "address": .text("/\(language)/account")] as View
                }
            ),
            // What is found can be ticked and kept by who may keep lists.
            "picks": .flag(visit?.reader.seesWhatIsSharedWithSearchers == true),
            "stranger": .flag(visit != nil && visit?.member == nil),
        ]
    }

    private func frame(_ head: Head) -> View {
        let words = words(head.language)
        let other = head.language.other
        let origin = settings.origin ?? ""
        func address(_ language: Language) -> String {
            head.query.address("/\(language)\(head.path ?? "")")
        }
        let alternates: [View] =
            head.path == nil
            ? []
            : Language.allCases.map { language in
                ["language": .text(language.rawValue), "address": .text(origin + address(language))]
            }
        let frame: View = [
            "title": .text(head.title),
            "description": .text(head.description),
            "unlisted": .flag(head.isUnlisted),
            "canonical": head.path == nil ? .absent : .text(origin + address(head.language)),
            "alternates": .list(alternates),
            "fonts": .texts(fonts),
            "wide": .flag(head.isWide),
            "isHome": .flag(head.path == ""),
            "nav": .list(
                Section.allCases.filter { section in
                    // The inbox is for those who work in an office.
                    section != .inquiries
                        || Visit.current?.reader.has(.commissioner, .regionAdministrator, .administrator)
                            == true
                }.map { section in
                    [
                        "address": .text("/\(head.language)\(section.path)"),
                        "label": .text(words("site.nav.\(section.rawValue)")),
                        "isCurrent": .flag(section == head.section),
                    ]
                }
            ),
            "otherLanguage": .view([
                "address": .text(head.path == nil ? "/\(other)" : address(other)),
                "language": .text(other.rawValue),
                "label": .text(words("site.otherLanguage")),
            ]),
            "regions": .list(
                SiteRegion.all.map { region in
                    [
                        "code": .text(region.code),
                        "name": .text(region.name),
                        "address": .text("/\(head.language)/crew?region=\(region.code)"),
                    ]
                }
            ),
            "demonstration": .flag(head.isDemonstration),
        ]
        return frame.adding(visitor(head.language))
    }
}
