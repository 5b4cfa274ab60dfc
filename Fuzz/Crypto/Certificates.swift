// Certificates, keys and revocation lists as a token or a file gives them: each is read whole
// or refused with a reason, what was read says the same when it is read again, and bytes behind
// it are refused.
// sources: Sources/Secrets Sources/Crypto
// seed: 3082022A308201CFA00302010202146A46E4738DB503E428B0D3D7043B23B5A9A7D1ED300A06082A8648CE3D0403023057310B300906035504061302564E310D300B060355040A0C0453E1BB9F311C301A06035504030C134E677579E1BB856E205468E1BB8B20C3816E68311B301906092A864886F70D010901160C61406578616D706C652E766E301E170D3236313132313034313433385A170D3236313133303034313433385A3057310B300906035504061302564E310D300B060355040A0C0453E1BB9F311C301A06035504030C134E677579E1BB856E205468E1BB8B20C3816E68311B301906092A864886F70D010901160C61406578616D706C652E766E3059301306072A8648CE3D020106082A8648CE3D030107034200046A1B1EC23A4AED6386F13FF911FCE5598817BDA2C172AF3D2CA54B243F4EEE106A9957E4F75D49668C929728DE050A721F05312775014BFA86EC96349A00D186A3793077301D0603551D0E0416041464DC26BD30ADA0D244A7E393D988EDEA0905FCB4301F0603551D2304183016801464DC26BD30ADA0D244A7E393D988EDEA0905FCB4300F0603551D130101FF040530030101FF30170603551D110410300E810C61406578616D706C652E766E300B0603551D0F040403020780300A06082A8648CE3D04030203490030460221008B30BF7DE45594A2BBD65C07043DCA32E13D3690406518B90EBA43CAC8AAF531022100C2A6F8608F8B160996A994D6DC97E4D133183592C543C5D4EC5CA6EFD4DC123D
// seed: 3082012E3081E1A00302010202147BCE4CCB8D5F60D2F067B5D3FABA7A866951A595300506032B6570300C310A300806035504030C01653020170D3236313132313034313433385A180F32333030303930353034313433385A300C310A300806035504030C0165302A300506032B6570032100D203879078BC0800531564BC99C7F765AF50833E64AD19D27933C5570C9127B3A3533051301D0603551D0E0416041460DFFB4E4482AC7BFD7F2EF18A287CCB857588AF301F0603551D2304183016801460DFFB4E4482AC7BFD7F2EF18A287CCB857588AF300F0603551D130101FF040530030101FF300506032B6570034100970237F43442E74E8B79F74701540D03B853165F536BE900E82DB2A9A3E9A3407DE17349B17AF953BBC8FD133930FDBB35DDFEE84FD54BDA23158A2AB81C1104
// seed: 3076301006072A8648CE3D020106052B8104002203620004399D349F5AB54F969935235B455417CB72D5DE0CD79F87064383E035101D1437E377322AD0D12F3F27B3E21B4CDEFE8754753CB460807AB35C0D00BCF8AD51AB42251B0F6EB4041060AEAF683682A9C1DCEC3C8D67F87709D6448F944F07E9B1
// seed: 3081A4020101043072A32CA5F7FFCE493FB6726A6E50C7693EC530E960A57654550FE1657027D276BB6FBE5FD01787EA107B00414B99516AA00706052B81040022A16403620004399D349F5AB54F969935235B455417CB72D5DE0CD79F87064383E035101D1437E377322AD0D12F3F27B3E21B4CDEFE8754753CB460807AB35C0D00BCF8AD51AB42251B0F6EB4041060AEAF683682A9C1DCEC3C8D67F87709D6448F944F07E9B1
// seed: 3081EA308190020101300A06082A8648CE3D040302301A310B300906035504061302564E310B300906035504030C024341170D3236313132313039353431315A170D3236313132383039353431315A30353033021412B99794F069A61199EAB27B12E21E05058396F9170D3236313132313039353431315A300C300A0603551D1504030A0104A00E300C300A0603551D140403020101300A06082A8648CE3D0403020349003046022100D80F783A07F9759EBC80EF6886B577B5E0D564EF4E5BA5126FFE6C7D2B22DF660221008E3344DE572F509B6F378329CA6CB9375E063EFBDB6C8FB8196E3DC0F0763494
import Crypto

private func look(_ certificate: Certificate, _ bytes: [UInt8]) {
    precondition(certificate.der == bytes, "not the bytes that were given")
    precondition(certificate.fingerprintSHA256.utf8.count == 64, "no fingerprint")
    precondition((try? Certificate(der: bytes + [0])) == nil, "a byte behind it is taken")
    for name in [certificate.subject, certificate.issuer] {
        for attribute in name.attributes {
            precondition(!attribute.name.isEmpty, "an attribute without a name")
            precondition(!attribute.value.utf8.contains(0), "a NUL in a name")
        }
        _ = (name.commonName, name.organization, name.organizationalUnits, name.description)
    }
    _ = (certificate.emailAddress, certificate.keyUsage, certificate.basicConstraints)
    precondition(
        !certificate.isValid(at: certificate.notBefore - 1)
            || certificate.notBefore == Int64.min, "valid before its time")
    guard let armoured = try? PEM.certificates(in: Array(PEM.encode(certificate).utf8)) else {
        fatalError("its own armour is not read")
    }
    precondition(armoured == [certificate], "another in its armour")
    // No path leads from it to a root that is not its own.
    switch try? CertificatePath.check(certificate, intermediates: [], roots: [certificate], at: nil)
    {
    case .trusted(let chain): precondition(chain.last == certificate, "a chain to elsewhere")
    case .notTrusted, nil: break
    case .noRootsConfigured: fatalError("its root was configured")
    }
}

private func look(_ list: RevocationList) {
    precondition(list.count >= 0, "fewer than none")
    _ = (list.issuer.description, list.nextUpdate, list.isPartial)
}

private func look(_ key: PublicKey) {
    for scheme in SignatureScheme.allCases {
        let verdict = try? key.verify([0x30, 6, 2, 1, 1, 2, 1, 1], of: [], scheme: scheme)
        precondition(verdict != true, "a signature from nowhere")
        _ = try? SignatureInput.block(for: [], key: key.algorithm, scheme: scheme)
    }
    _ = (key.blockLength, try? key.point(), try? key.rsaNumbers())
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    if let certificate = try? Certificate(der: bytes) {
        look(certificate, bytes)
        look(certificate.publicKey)
    }
    if let key = try? PublicKey(subjectPublicKeyInfo: bytes) { look(key) }
    if let pair = try? KeyPair(pkcs8: bytes) { look(pair.publicKey) }
    if let list = try? RevocationList(der: bytes) { look(list) }
    if let digits = Base64.decode(bytes) {
        precondition(Base64.decode(Base64.encode(digits)) == digits, "base64 there and back")
    }
    _ = try? PEM.certificates(in: bytes)
    _ = try? PEM.revocationLists(in: bytes)
    return 0
}
