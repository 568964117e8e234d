/// Finds the entry that prices a subject, and says how.
///
/// The order: the provider that served, then the gateway's own price list, then the vendor that the
/// model's slug or family names. Never a part of a name, and never a region or variant ignored.
struct PriceLookup {
  /// What was found, or why nothing was.
  enum Outcome {
    /// - `isOtherRegion`: the book prices the model by region, and not for the one that was asked.
    case found(PriceEntry, PriceMatch, isOtherRegion: Bool)
    case missing(reason: String)
  }

  let book: any PriceBook
  let log: LookupLog?

  /// Variants that choose among endpoints and have no price of their own.
  private static let routingVariants: Set<String> = ["exacto", "floor", "nitro"]

  func find(_ subject: PricingSubject) -> Outcome {
    let name = ModelName(subject.model)
    let provider = ProviderIdentity.canonical(subject.provider)
    let gateway = ProviderIdentity.canonical(subject.gateway)
    if !provider.isEmpty, let found = find(name, at: provider, region: subject.region) {
      return found
    }
    if let list = ProviderIdentity.pricedGateways[gateway] ?? ownList(provider),
      let found = find(name, at: list, region: "")
    {
      return found
    }
    let isRelay = provider.isEmpty || (provider == gateway && !ProviderIdentity.isVendor(provider))
    guard isRelay || ProviderIdentity.pricedGateways[gateway] != nil else {
      return .missing(reason: "no_price")
    }
    return findByVendor(name, region: subject.region)
  }

  /// A relay that stands as its own provider.
  private func ownList(_ provider: String) -> String? {
    ProviderIdentity.pricedGateways[provider]
  }

  /// The entry at one provider, then at those whose prices are declared to hold there.
  private func find(_ name: ModelName, at provider: String, region: String) -> Outcome? {
    if let found = entry(name, at: provider, region: region) { return found.outcome }
    for other in ProviderIdentity.fallbacks(of: provider) {
      if let found = entry(name, at: other, region: region) { return found.asAlias.outcome }
    }
    return nil
  }

  /// The model alone decides: by the slug's vendor, by the family, or because one provider has it.
  private func findByVendor(_ name: ModelName, region: String) -> Outcome {
    let written = name.forms[0].text
    var vendors: [String] = []
    if let slash = written.utf8.firstIndex(of: UInt8(ascii: "/")) {
      vendors.append(ProviderIdentity.canonical(String(written[..<slash])))
    }
    if name.forms.contains(where: { $0.removed.contains(.vendor) }) { vendors.append("bedrock") }
    for form in name.forms where form.removed.isDisjoint(with: [.variant, .region]) {
      if let vendor = ProviderIdentity.vendor(of: form.text) { vendors.append(vendor) }
    }
    for vendor in vendors {
      if let found = entry(name, at: vendor, region: region) { return found.asAlias.outcome }
    }
    return findSoleOwner(name)
  }

  private func findSoleOwner(_ name: ModelName) -> Outcome {
    for form in name.forms where form.removed.isSubset(of: Self.harmless) {
      let owners = book.providers(of: form.text)
      log?.note("any", form.text, isFound: owners.count == 1)
      if owners.count > 1 { return .missing(reason: "ambiguous_provider") }
      if let owner = owners.first, let (entry, _) = book.entry(provider: owner, name: form.text) {
        return .found(entry, .alias, isOtherRegion: false)
      }
    }
    return .missing(reason: "no_price")
  }

  private static let harmless: ModelName.Removed = [.path, .provider, .context, .spelling]

  private struct Match {
    var entry: PriceEntry
    var match: PriceMatch
    var isOtherRegion = false

    var outcome: Outcome { .found(entry, match, isOtherRegion: isOtherRegion) }

    /// The entry is another provider's.
    var asAlias: Match {
      var copy = self
      if match == .exact { copy.match = .alias }
      return copy
    }
  }

  /// The entry of the least stripped form that the provider has.
  private func entry(_ name: ModelName, at provider: String, region: String) -> Match? {
    for form in name.forms {
      if !region.isEmpty, let found = entry(form, "\(region)/\(form.text)", at: provider) {
        return found
      }
      if var found = entry(form, form.text, at: provider) {
        found.isOtherRegion =
          !region.isEmpty
          && book.entry(provider: provider, name: PriceEntry.anyRegion + form.text) != nil
        return found
      }
    }
    return nil
  }

  private func entry(_ form: ModelName.Form, _ text: String, at provider: String) -> Match? {
    var removed = form.removed
    if removed.contains(.variant), isRoutingOnly(form) { removed.remove(.variant) }
    guard removed.isSubset(of: Self.harmless.union(.snapshot)) else { return nil }
    let listed = book.entry(provider: provider, name: text)
    log?.note(provider, text, isFound: listed != nil)
    guard let (entry, isAlias) = listed else { return nil }
    guard let snapshot = form.snapshot, removed.contains(.snapshot) else {
      let isOther = isAlias || !form.removed.isDisjoint(with: [.spelling, .variant])
      return Match(entry: entry, match: isOther ? .alias : .exact)
    }
    // An alias names one of the snapshots already: with a date behind it, it is some other name.
    let isDated = !isAlias && entry.snapshots.contains(snapshot.format)
    return isDated ? Match(entry: entry, match: .snapshot) : nil
  }

  private func isRoutingOnly(_ form: ModelName.Form) -> Bool {
    form.variant.map(Self.routingVariants.contains) ?? false
  }
}
