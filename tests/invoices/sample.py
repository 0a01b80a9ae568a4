"""The file of an invoice as the tax platform gives it out, as small as one can be."""

INVOICE = b"""<?xml version="1.0" encoding="UTF-8"?>
<EInvoice><Header><InherentLabel><InIssuType><LabelCode>Y</LabelCode></InIssuType>
<GeneralOrSpecialVAT><LabelCode>02</LabelCode></GeneralOrSpecialVAT></InherentLabel></Header>
<EInvoiceData><SellerInformation><SellerIdNum>91330199MAXXXXX908</SellerIdNum></SellerInformation>
<BuyerInformation><BuyerName>Guo Na</BuyerName></BuyerInformation>
<BasicInformation><TotalAmWithoutTax>1.89</TotalAmWithoutTax><TotalTaxAm>0.11</TotalTaxAm>
<TotalTax-includedAmount>2.00</TotalTax-includedAmount></BasicInformation>
<IssuItemInformation><Amount>1.89</Amount></IssuItemInformation></EInvoiceData>
<TaxSupervisionInfo><InvoiceNumber>26332000000000000777</InvoiceNumber>
<IssueTime>2026-09-06 10:00:00</IssueTime></TaxSupervisionInfo></EInvoice>
"""
