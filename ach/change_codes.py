"""The change codes of notices of change, as data: one line a code.

Columns: code | meaning | fields that the corrected data holds | kind. `kind` is `change` for a notice from the
receiving institution, `refused` for our institution's refusal of one, `retired` for codes no longer sent.

Layout of the corrected data: 29 columns, 36-64 of the 98 addenda. A notice is due within two banking days of the entry's
settlement, its refusal (C61 to C69) within 15 days; the originator applies it before the next entry or within six banking
days, whichever is later.
"""

SOURCE = "Nacha Operating Rules, Appendix Five (2013)"
CHANGE_CODE_TABLE = """
C01 | Incorrect account number                                      | account                    | change
C02 | Incorrect routing number                                      | routing                    | change
C03 | Incorrect routing number and account number                   | routing account            | change
C04 | Incorrect individual or receiving company name                | name                       | change
C05 | Incorrect transaction code                                    | transaction                | change
C06 | Incorrect account number and transaction code                 | account transaction        | change
C07 | Incorrect routing number, account number and transaction code | routing account transaction | change
C08 | Incorrect receiving DFI identification (IAT)                  | foreign_routing            | change
C09 | Incorrect individual identification number                    | identification             | change
C10 | Incorrect company name                                        |                            | retired
C11 | Incorrect company identification                              |                            | retired
C12 | Incorrect company name and company identification             |                            | retired
C13 | Addenda format error                                          |                            | change
C14 | Incorrect SEC code for outbound international payment         |                            | change
C61 | Misrouted notice of change                                    |                            | refused
C62 | Incorrect trace number                                        |                            | refused
C63 | Incorrect company identification number                       |                            | refused
C64 | Incorrect individual identification number                    |                            | refused
C65 | Incorrectly formatted corrected data                          |                            | refused
C66 | Incorrect discretionary data                                  |                            | refused
C67 | Routing number not from original entry detail record          |                            | refused
C68 | DFI account number not from original entry detail record      |                            | refused
C69 | Incorrect transaction code                                    |                            | refused
"""
