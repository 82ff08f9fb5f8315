"""Uzbek answers, in Latin letters without apostrophes; Cyrillic is written over before it is read."""

from telemed.messages.reply_words.lexicon import Lexicon

LEXICON = Lexicon(
    wrong_number="""
        men emas*; bu men emas*; notogri raqam; raqam notogri; notugri raqam; adash*; xato raqam;
        raqam xato; boshqa odam*; tanimayman; yozilmagan*; bunday odam*; mening raqamim emas;
        meniki emas; bu raqam boshqa*; boshqa raqam; yanglish*; xato; bu yerda yashamaydi;
        bunday kishi*; boshqa kishi*""",
    stop="""
        toxta*; tuxta*; yozmang*; boshqa yozma*; yubormang*; sms yuborma*; xabar yuborma*;
        jonatmang*; xabar kerak emas; sms kerak emas; kerakmas; bezovta qilma*; qongiroq qilma*;
        telefon qilma*; raqamimni ochir*; obuna*""",
    help="""
        yordam*; qayerda; qaerda; qayerga; kim bu; bu kim; kimsiz; siz kim*; telefon qil*; tel qil*;
        qongiroq qil*; qancha; necha pul; tushunmad*; tushunmay*; kechik*; kechikib; manzil*;
        adres*; pasport*; olib bor*; olib kel*; nima qil*; kerakmi; qanaqa; qanday; vafot;
        tushuntir*; savol*""",
    move="""
        boshqa kun*; boshqa vaqt*; boshqa safar; boshqa soat*; kochir*; kuchir*; suring; surish;
        surib; keyingi hafta*; kelasi hafta*; ozgartir*; uzgartir*; almashtir*; keyinga; indin*;
        qoldir*; keyinroq""",
    maybe="""
        bekor bol*; bekor bul*; bekor qilindi; bekor qilingan; soat @; @ da; balki; bilmadim;
        bilmayman; koramiz; kuramiz; ehtimol; bekor qilma*; aniq emas; hali; qarab;
        ishonchim komil emas; harakat qil*; korami*""",
    but="lekin; ammo; agar; yoki; faqat; biroq",
    ask="qachon; nima; nega; kim; qaysi; necha; nechchi; qayer*",
    when="""
        dushanba; seshanba; chorshanba; payshanba; juma; shanba; yakshanba; kechqurun; hafta;
        kechroq; ertaroq; tushdan keyin; boladimi; buladimi; mumkinmi; bolsin; bolsa""",
    comes="""
        boraman; kelaman; boramiz; kelamiz; borayapman; kelyapman; boryapman; kelayapman; tasdiqla*;
        bora olaman; kela olaman; yetib boraman; yetib kelaman; qatnashaman; roziman; albatta;
        bormasam bolmaydi; kelmasam bolmaydi; bormasam bulmaydi; xavotir olma*; havotir olma*;
        xavotirlanma*; muammo yoq; shubhasiz; kutib turing""",
    stays_away="""
        bora olmay*; borolmay*; kela olmay*; kelolmay*; kelmayman; bormayman; kelmaymiz; bormaymiz;
        qatnasha olmay*; qatnashmay*; imkonim yoq; imkon yoq; ilojim yoq; iloji yoq; borishim qiyin""",
    calls_off="""
        bekor; bekor qiling; bekor qilaman; bekor qilamiz; bekor qilib; bekor qilish*;
        bekor qilmoqchi*; bekor etaman; bekor eting; rad et; rad etaman; rad eting; voz kechaman;
        voz kechdim""",
    yes="""
        ha; xa; haa; mayli; mayliga; xop; hop; xup; yaxshi; yahshi; bir; da; boladi; buladi; bopti;
        togri; tugri; tushunarli; aha; hop boladi""",
    no="yoq; yuq; yok; yuk; ikki; net; bolmaydi; bulmaydi; ololmayman",
    negates="emas; hech",
    fill="""
        uzr lekin; uzr ammo; kechir* lekin; rahmat; raxmat; katta; iltimos; uzr; kechir*; afsuski;
        ertaga; bugun; men; biz; kasal*; inshaalloh; inshalloh; xudo; xohlasa; navbat*; assalomu;
        alaykum; salom; doktor*; shifokor*; qizim; bilan; soat*; opa; aka; ishda; qabul*; uchun;
        sizga; qoy*""",
)
