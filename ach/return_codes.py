"""The return reason codes, as data: one line a code, one table for each kind of message they speak in.

Columns: code | meaning | our word for the reason | window | class of action | counts towards a special return rate | ends.
The vocabulary of the last four is in `ach.codes`.

Source: `SOURCE`, but for the codes in `LATER`. Codes that Nacha has not assigned are absent. R18, R19 and R24 are mistakes of ours.
"""

SOURCE = "Nacha Operating Rules, Appendix Four (2013)"
LATER = """
R06 | Nacha, risk management rules: any reason since 2024-10-01, answered within 10 banking days since 2025-04-01
R10 | Nacha, differentiating unauthorized return reasons, in force since 2020-04-01
R11 | Nacha, differentiating unauthorized return reasons, in force since 2020-04-01
R17 | Nacha, reversals: also for improper ones, since 2021
R62 | Nacha, unintended credits by reversals, in force since 2015
R77 | Nacha, unintended credits by reversals, in force since 2015
R90 | Nacha, sanctions compliance obligations, announced for 2028-03-17
"""
"""Codes that are newer than the edition, or mean something else since: code | source."""

RETURNS = """
R01 | Insufficient funds                                    | insufficient_funds            | 2BD | RT |    |
R02 | Account closed                                        | account_closed                | 2BD | CL | AD | I
R03 | No account or unable to locate account                | no_account                    | 2BD | FX | AD | I
R04 | Invalid account number structure                      | invalid_account_number        | 2BD | FX | AD | I
R05 | Unauthorized debit to consumer account, corporate SEC | unauthorized_corporate_sec    | 60D | ST | UN | A
R06 | Returned per the ODFI's request                       | returned_at_odfi_request      | ANY | IN |    |
R07 | Authorization revoked by customer                     | authorization_revoked         | 60D | ST | UN | A
R08 | Payment stopped                                       | payment_stopped               | 2BD | RA |    |
R09 | Uncollected funds                                     | uncollected_funds             | 2BD | RT |    |
R10 | Originator not known or not authorized to debit       | not_authorized                | 60D | ST | UN | A
R11 | Entry not in accordance with the authorization        | not_per_authorization         | 60D | FX | UN |
R12 | Account sold to another institution                   | account_sold                  | 2BD | FX |    | I
R13 | Invalid ACH routing number                            | invalid_routing_number        | OP  | FX |    | I
R14 | Representative payee deceased or unable to continue   | representative_payee_deceased | 2BD | ST |    | A
R15 | Beneficiary or account holder deceased                | account_holder_deceased       | 2BD | ST |    | A
R16 | Account frozen or entry returned per OFAC             | account_frozen                | 2BD | IN |    | I
R17 | Questionable account or improper reversal             | questionable_entry            | 2BD | IN |    | I
R18 | Improper effective entry date                         | improper_effective_date       | OP  | FX |    |
R19 | Amount field error                                    | amount_field_error            | OP  | FX |    |
R20 | Non-transaction account                               | non_transaction_account       | 2BD | CL |    | I
R21 | Invalid company identification                        | invalid_company_id            | 2BD | FX |    |
R22 | Invalid individual identification number              | invalid_individual_id         | 2BD | FX |    |
R23 | Credit entry refused by receiver                      | credit_refused                | 2BD | IN |    |
R24 | Duplicate entry                                       | duplicate_entry               | 2BD | IN |    |
R25 | Addenda error                                         | addenda_error                 | OP  | FX |    |
R26 | Mandatory field error                                 | mandatory_field_error         | OP  | FX |    |
R27 | Trace number error                                    | trace_number_error            | OP  | FX |    |
R28 | Routing number check digit error                      | check_digit_error             | OP  | FX |    | I
R29 | Corporate customer advises not authorized             | corporate_not_authorized      | 2BD | ST | UN | A
R30 | RDFI does not take part in check truncation           | no_check_truncation           | OP  | NA |    |
R31 | Permissible return entry (CCD and CTX)                | permissible_return            | ANY | IN |    |
R32 | RDFI non-settlement                                   | rdfi_non_settlement           | OP  | IN |    |
R33 | Return of XCK entry                                   | xck_returned                  | 60D | NA |    |
R34 | Limited participation DFI                             | limited_participation         | OP  | IN |    |
R35 | Return of improper debit entry                        | improper_debit                | OP  | FX |    |
R36 | Return of improper credit entry                       | improper_credit               | OP  | FX |    |
R37 | Source document presented for payment                 | source_document_presented     | 60D | NA |    |
R38 | Stop payment on source document                       | source_document_stopped       | 60D | NA |    |
R39 | Improper source document or presented for payment     | improper_source_document      | 2BD | NA |    |
R50 | State law affecting RCK acceptance                    | rck_state_law                 | 2BD | IN |    |
R51 | RCK item ineligible or notice not provided            | rck_ineligible                | 60D | IN | UN |
R52 | Stop payment on RCK item                              | rck_stopped                   | 60D | IN |    |
R53 | RCK item and entry both presented                     | rck_item_presented            | 60D | IN |    |
R90 | Sanctions compliance obligations                      | sanctions                     | ANY | IN |    | I
"""

DISHONORED_RETURNS = """
R61 | Misrouted return                                      | misrouted_return              | 5BD | WF |    |
R62 | Return of erroneous or reversing debit                | reversal_unintended_credit    | 5BD | WF |    |
R67 | Duplicate return                                      | duplicate_return              | 5BD | WF |    |
R68 | Untimely return                                       | untimely_return               | 5BD | WF |    |
R69 | Field error in the return                             | return_field_error            | 5BD | WF |    |
R70 | Permissible return not accepted or not requested      | permissible_return_refused    | 5BD | WF |    |
"""

CONTESTED_RETURNS = """
R71 | Misrouted dishonored return                           | misrouted_dishonored_return   | C2  | WF |    |
R72 | Untimely dishonored return                            | untimely_dishonored_return    | C2  | WF |    |
R73 | Timely original return                                | timely_original_return        | C2  | WF |    |
R74 | Corrected return                                      | corrected_return              | C2  | WF |    |
R75 | Return not a duplicate                                | return_not_duplicate          | C2  | WF |    |
R76 | No errors found                                       | no_errors_found               | C2  | WF |    |
R77 | Non-acceptance of R62 dishonored return               | r62_not_accepted              | C2  | WF |    |
"""

GATEWAY_RETURNS = """
R80 | IAT coding error                                      | iat_coding_error              | 2BD | IN |    |
R81 | Not a participant in the IAT program                  | iat_non_participant           | 2BD | IN |    |
R82 | Invalid foreign receiving DFI identification          | iat_invalid_dfi               | 2BD | IN |    |
R83 | Foreign receiving DFI unable to settle                | iat_unable_to_settle          | 2BD | IN |    |
R84 | Entry not processed by gateway                        | iat_not_processed             | 2BD | IN |    |
R85 | Incorrectly coded outbound international payment      | iat_incorrectly_coded         | 2BD | IN |    |
"""

ENROLLMENT_RETURNS = """
R40 | Return of ENR entry by federal agency                 | enr_agency_return             | ANY | NA |    |
R41 | Invalid transaction code (ENR)                        | enr_transaction_code          | ANY | NA |    |
R42 | Routing number or check digit error (ENR)             | enr_routing_number            | ANY | NA |    |
R43 | Invalid DFI account number (ENR)                      | enr_account_number            | ANY | NA |    |
R44 | Invalid individual identification number (ENR)        | enr_individual_id             | ANY | NA |    |
R45 | Invalid individual or company name (ENR)              | enr_name                      | ANY | NA |    |
R46 | Invalid representative payee indicator (ENR)          | enr_representative_payee      | ANY | NA |    |
R47 | Duplicate enrollment (ENR)                            | enr_duplicate                 | ANY | NA |    |
"""
