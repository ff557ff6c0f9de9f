-- A store of schema 2, as the code of 27b05bb wrote it with real runs; paths and the boot's id are made up.
BEGIN TRANSACTION;
CREATE TABLE "attempt" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "start_step" INTEGER NOT NULL,
   "pid" INTEGER,
   "process_start" TEXT,
   "boot_id" TEXT,
   "started_at" REAL NOT NULL,
   "ended_at" REAL,
   "exit_code" INTEGER
) STRICT;
INSERT INTO "attempt" VALUES(1,'cczbjjrr',0,5987,'5374650','00000000-0000-4000-8000-000000000000',1.79545775497498822214e+09,1.79545776164706969262e+09,0);
INSERT INTO "attempt" VALUES(2,'gr4xwk23',0,6154,'5375426','00000000-0000-4000-8000-000000000000',1.79545776273753619192e+09,1.79545776857045221329e+09,-9);
INSERT INTO "attempt" VALUES(3,'gr4xwk23',5,6411,'5376122','00000000-0000-4000-8000-000000000000',1.79545776969087791442e+09,1.79545777793423461912e+09,0);
INSERT INTO "attempt" VALUES(4,'qtcs3zq5',0,6635,'5377057','00000000-0000-4000-8000-000000000000',1.79545777904300475113e+09,1.79545778599427342412e+09,0);
CREATE TABLE "checkpoint" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "attempt_id" INTEGER REFERENCES "attempt"("id"),
   "step" INTEGER NOT NULL,
   "state" TEXT NOT NULL,
   "manifest_hash" TEXT,
   "size_bytes" INTEGER,
   "eval_loss" REAL,
   "best" INTEGER DEFAULT 0,
   "pinned" INTEGER DEFAULT 0,
   "created_at" REAL NOT NULL
, rank REAL) STRICT;
INSERT INTO "checkpoint" VALUES(1,'cczbjjrr',1,4,'complete','fc2437ad0a324b9d6124d045a03ea68a85277a8e9a3aaa817e0900414803709d',99435,5.66840243730388682052e+00,0,0,1.79545776032553577429e+09,5.66840243730388682052e+00);
INSERT INTO "checkpoint" VALUES(2,'cczbjjrr',1,8,'complete','a2101742ce0907edaa19568062b5538888373b0cfe94f357aa497ea0c8874379',99435,5.64615925022813147649e+00,1,0,1.79545776040767359731e+09,5.64615925022813147649e+00);
INSERT INTO "checkpoint" VALUES(3,'gr4xwk23',2,5,'deleted','33cc308f59d696235d3c612b952fc1cf6b07943ec0172ed12a876688935b504c',99436,NULL,0,0,1.79545776844620585442e+09,NULL);
INSERT INTO "checkpoint" VALUES(4,'gr4xwk23',3,10,'deleted','1a2a7bba8dcdc9dc2947c23cf1f3d919bbde7692c5a8008a7cbd424d1ead40e5',99437,NULL,0,0,1.79545777546562647817e+09,NULL);
INSERT INTO "checkpoint" VALUES(5,'gr4xwk23',3,15,'deleted','fddf7d8e33e9732cd6139cb79647f3700b724be30ae664c40a3856f532d9aa5d',99437,NULL,0,0,1.79545777559786367411e+09,NULL);
INSERT INTO "checkpoint" VALUES(6,'gr4xwk23',3,20,'deleted','eb5811727dfb6a38ac6633e284c3fbcd2717504e9df79ea4dc0a9d48c75db6c8',99437,NULL,0,0,1.79545777569581055639e+09,NULL);
INSERT INTO "checkpoint" VALUES(7,'gr4xwk23',3,25,'deleted','80c15d3024eb4d22894a983eced0f66a1e4a9d4da6d6522f0af292b13b495916',99438,NULL,0,0,1.79545777578660225868e+09,NULL);
INSERT INTO "checkpoint" VALUES(8,'gr4xwk23',3,30,'deleted','a3de769cb9b330398ca68df2a300a0c72be4a465c305330e468e568db81282a1',99438,NULL,0,0,1.79545777587596702574e+09,NULL);
INSERT INTO "checkpoint" VALUES(9,'gr4xwk23',3,35,'deleted','5ad7ce8fd7da326dede0acff03c22f67e3d5c710f768f62b2d3bcad9c84fbd5d',99437,NULL,0,0,1.79545777596956276887e+09,NULL);
INSERT INTO "checkpoint" VALUES(10,'gr4xwk23',3,40,'deleted','da9c07fe75b0d2d2317b2a808faf292d9db9074473c4503efce49794a5be5fd5',99437,NULL,0,0,1.79545777606161665912e+09,NULL);
INSERT INTO "checkpoint" VALUES(11,'gr4xwk23',3,45,'deleted','ab798ca0251cdc81f3ccbb8b58f7320afd522cbaeaa0370b1b218a016556c2a9',99423,NULL,0,0,1.79545777614809441563e+09,NULL);
INSERT INTO "checkpoint" VALUES(12,'gr4xwk23',3,50,'complete','658b70d47390422da1ec26e2ace8e9a14640d49385f9e61898b8d2f5819f8334',99437,NULL,0,0,1.7954577762763063907e+09,NULL);
INSERT INTO "checkpoint" VALUES(13,'gr4xwk23',3,55,'complete','4d5e0a06ba227d4d977808cf21e2da96feb03ef1ed9556b2c761218b5428402c',99437,NULL,0,0,1.79545777640378093715e+09,NULL);
INSERT INTO "checkpoint" VALUES(14,'gr4xwk23',3,60,'complete','09e6b7e9d2da72793bf7965f0939d8a39d6b9c2a9704b4f4010e92d9fa5a4014',99437,5.37377466920946478268e+00,1,0,1.79545777653977370259e+09,5.37377466920946478268e+00);
INSERT INTO "checkpoint" VALUES(15,'qtcs3zq5',4,4,'complete','5e7466e865805f4cff2b1e3079795d50698ed0499c3fa30d6220b0954a2dc8f5',99435,5.58356707213354930274e+00,0,0,1.79545778427074575423e+09,5.58356707213354930274e+00);
INSERT INTO "checkpoint" VALUES(16,'qtcs3zq5',4,8,'complete','d9e97d0e799ff283d2efcbcf7d76db05687b48aea434ed48fcca8a9df821cb5c',99435,5.5625962429359310235e+00,1,0,1.79545778439412045479e+09,5.5625962429359310235e+00);
CREATE TABLE "command" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "verb" TEXT NOT NULL,
   "created_at" REAL NOT NULL,
   "taken_at" REAL
) STRICT;
CREATE TABLE "event" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "at" REAL NOT NULL,
   "step" INTEGER,
   "level" TEXT NOT NULL,
   "text" TEXT NOT NULL
) STRICT;
INSERT INTO "event" VALUES(1,'cczbjjrr',1.79545775985962438583e+09,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(2,'cczbjjrr',1.79545775985996818547e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(3,'cczbjjrr',1.79545775988815093041e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(4,'cczbjjrr',1.79545775998848509786e+09,0,'info','attention: sdpa; eager measured 0.8 times as fast at 57 tokens');
INSERT INTO "event" VALUES(5,'cczbjjrr',1.79545775998967742925e+09,0,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(6,'cczbjjrr',1.79545776164747476581e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(7,'gr4xwk23',1.79545776795494747162e+09,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(8,'gr4xwk23',1.79545776795535922051e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(9,'gr4xwk23',1.79545776798545789719e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(10,'gr4xwk23',1.7954577680894813537e+09,0,'info','attention: sdpa; eager measured 0.8 times as fast at 57 tokens');
INSERT INTO "event" VALUES(11,'gr4xwk23',1.79545776809294176101e+09,0,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(12,'gr4xwk23',1.79545776857060956953e+09,NULL,'error','killed: signal 9, possibly out of memory');
INSERT INTO "event" VALUES(13,'gr4xwk23',1.79545777488920617098e+09,5,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(14,'gr4xwk23',1.79545777488969755166e+09,5,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(15,'gr4xwk23',1.795457774917122364e+09,5,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(16,'gr4xwk23',1.79545777505652952191e+09,5,'info','attention: sdpa; eager measured 0.8 times as fast at 57 tokens');
INSERT INTO "event" VALUES(17,'gr4xwk23',1.79545777505858182901e+09,5,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(18,'gr4xwk23',1.7954577750694832802e+09,5,'info','resumed from checkpoint 5');
INSERT INTO "event" VALUES(19,'gr4xwk23',1.79545777793461537358e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(20,'qtcs3zq5',1.79545778376820635798e+09,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(21,'qtcs3zq5',1.79545778376856207843e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(22,'qtcs3zq5',1.79545778379296135898e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(23,'qtcs3zq5',1.79545778389080476758e+09,0,'info','the adapter of run:cczbjjrr@result is trained on, with the rank and the layers that it has');
INSERT INTO "event" VALUES(24,'qtcs3zq5',1.79545778390138387678e+09,0,'info','attention: sdpa; eager measured 0.8 times as fast at 57 tokens');
INSERT INTO "event" VALUES(25,'qtcs3zq5',1.79545778390270614624e+09,0,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(26,'qtcs3zq5',1.7954577859948272705e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(27,'h4qqzdcq',1.79545778703964185709e+09,NULL,'info','stopped: you took it from the queue');
CREATE TABLE "heartbeat" (
   "run_id" TEXT PRIMARY KEY REFERENCES "run"("id"),
   "phase" TEXT NOT NULL,
   "step" INTEGER NOT NULL,
   "at" REAL NOT NULL,
   "expect_next_s" REAL NOT NULL,
   "steps_per_second" REAL
) STRICT;
INSERT INTO "heartbeat" VALUES('cczbjjrr','saving the result',8,1.79545776042783188823e+09,300.0,5.98218541204078206856e+01);
INSERT INTO "heartbeat" VALUES('gr4xwk23','saving the result',60,1.79545777656277060502e+09,300.0,5.76690127201657602978e+01);
INSERT INTO "heartbeat" VALUES('qtcs3zq5','saving the result',8,1.79545778442371320718e+09,300.0,4.41098778890475813358e+01);
CREATE TABLE metric (attempt_id INTEGER NOT NULL REFERENCES attempt(id), key_id INTEGER NOT NULL REFERENCES metric_key(id), step INTEGER NOT NULL, value REAL, flag INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (attempt_id, key_id, step)) STRICT, WITHOUT ROWID;
INSERT INTO "metric" VALUES
(1,1,0,5.71172545386142438417e+00,0),(1,1,4,5.66840243730388682052e+00,0),(1,1,8,5.64615925022813147649e+00,0),
(1,2,0,0.0,0),(1,2,4,0.0,0),(1,2,8,0.0,0),(1,3,0,1.50657579943072050809e-02,0),(1,3,4,1.23775070023839361965e-02,0),
(1,3,8,1.27470360021106898784e-02,0),(1,4,1,5.71898508071899414062e+00,0),(1,4,2,5.71379804611206054687e+00,0),
(1,4,3,5.70193052291870117187e+00,0),(1,4,4,5.68373823165893554687e+00,0),(1,4,5,5.67261981964111328125e+00,0),
(1,4,6,5.64042901992797851562e+00,0),(1,4,7,5.66400098800659179687e+00,0),(1,4,8,5.6757488250732421875e+00,0),
(1,5,1,0.0,0),(1,5,2,0.001,0),(1,5,3,9.50484433951209522692e-04,0),(1,5,4,8.11744900929366793723e-04,0),
(1,5,5,6.11260466978157178223e-04,0),(1,5,6,3.88739533021842842593e-04,0),(1,5,7,1.88255099070633254198e-04,0),
(1,5,8,4.95155660487904845717e-05,0),(1,6,1,8.21043491363525390625e-01,0),(1,6,2,1.00940442085266113281e+00,0),
(1,6,3,8.11715602874755859375e-01,0),(1,6,4,1.03191673755645751953e+00,0),(1,6,5,1.00304102897644042968e+00,0),
(1,6,6,1.28452479839324951171e+00,0),(1,6,7,7.81621217727661132812e-01,0),(1,6,8,1.03982079029083251953e+00,0),
(1,7,1,1.36393827394529835149e+04,0),(1,7,2,2.24103367960508112455e+04,0),(1,7,3,1.91308372930851801349e+04,0),
(1,7,4,1.9955340249617984227e+04,0),(1,7,5,1.99900723975698492718e+04,0),(1,7,6,2.29806882333337853191e+04,0),
(1,7,7,1.81224877425567756292e+04,0),(1,7,8,1.94070594958498404596e+04,0),(1,8,1,228.0,0),(1,8,2,469.0,0),
(1,8,3,673.0,0),(1,8,4,941.0,0),(1,8,5,1190.0,0),(1,8,6,1452.0,0),(1,8,7,1645.0,0),(1,8,8,1829.0,0),
(2,1,0,5.71172545386142438417e+00,0),(2,2,0,0.0,0),(2,3,0,1.71325369956321083009e-02,0),
(2,4,1,5.71898508071899414062e+00,0),(2,4,2,5.71379804611206054687e+00,0),(2,4,3,5.70193052291870117187e+00,0),
(2,4,4,5.682811737060546875e+00,0),(2,4,5,5.66811132431030273437e+00,0),(2,4,6,5.62528228759765625e+00,0),
(2,4,7,5.64863252639770507812e+00,0),(2,4,8,5.65035343170166,0),(2,4,9,5.59306955337524414062e+00,0),
(2,4,10,5.53642511367797851562e+00,0),(2,5,1,0.0,0),(2,5,2,0.001,0),(2,5,3,0.000999291347838381,0),
(2,5,4,9.9716740010506862632e-04,0),(2,5,5,9.93634177360672339596e-04,0),(2,5,6,9.8870169490893338067e-04,0),
(2,5,7,0.000982383934407258,0),(2,5,8,9.74698804234190607255e-04,0),(2,5,9,9.65668088726169245375e-04,0),
(2,5,10,9.55317386427456671782e-04,0),(2,6,1,8.21043491363525390625e-01,0),(2,6,2,1.00940442085266113281e+00,0),
(2,6,3,8.11715602874755859375e-01,0),(2,6,4,1.03590023517608642578e+00,0),(2,6,5,1.02740514278411865234e+00,0),
(2,6,6,1.34433495998382568359e+00,0),(2,6,7,8.16174864768981933593e-01,0),(2,6,8,1.15680134296417236328e+00,0),
(2,6,9,1.02537775039672851562e+00,0),(2,6,10,1.1253114938735961914e+00,0),(2,7,1,1.2583078673365622308e+04,0),
(2,7,2,1.65562208773285456119e+04,0),(2,7,3,1.40709500041670271461e+04,0),(2,7,4,1.56377229682108354613e+04,0),
(2,7,5,1.46995969135906707375e+04,0),(2,7,6,1.98489088938547101866e+04,0),(2,7,7,1.64926464663042170286e+04,0),
(2,7,8,1.68495962080284298278e+04,0),(2,7,9,1.96157866797191491065e+04,0),(2,7,10,2.03320944988463743366e+04,0),
(2,8,1,228.0,0),(2,8,2,469.0,0),(2,8,3,673.0,0),(2,8,4,941.0,0),(2,8,5,1190.0,0),(2,8,6,1452.0,0),(2,8,7,1645.0,0),
(2,8,8,1829.0,0),(2,8,9,2045.0,0),(2,8,10,2307.0,0),(3,1,60,5.37377466920946478268e+00,0),
(3,2,60,5.40983606557377094681e-01,0),(3,3,60,1.96799480036133900284e-02,0),(3,4,6,5.62528228759765625e+00,0),
(3,4,7,5.64863252639770507812e+00,0),(3,4,8,5.65035343170166,0),(3,4,9,5.59306955337524414062e+00,0),
(3,4,10,5.53642511367797851562e+00,0),(3,4,11,5.60929107666015625e+00,0),(3,4,12,5.55382394790649414062e+00,0),
(3,4,13,5.51257181167602539062e+00,0),(3,4,14,5.58268070220947265625e+00,0),(3,4,15,5.53381633758544921875e+00,0),
(3,4,16,5.5421543121337890625e+00,0),(3,4,17,5.50058269500732421875e+00,0),(3,4,18,5.50611639022827148437e+00,0),
(3,4,19,5.52532958984375,0),(3,4,20,5.50115728378295898437e+00,0),(3,4,21,5.4694194793701171875e+00,0),
(3,4,22,5.5730533599853515625e+00,0),(3,4,23,5.45612335205078125e+00,0),(3,4,24,5.4193434715271,0),
(3,4,25,5.47862863540649414062e+00,0),(3,4,26,5.51834344863891601562e+00,0),(3,4,27,5.4753737449646,0),
(3,4,28,5.546085357666015625e+00,0),(3,4,29,5.3758864402771,0),(3,4,30,5.3517093658447265625e+00,0),
(3,4,31,5.3855876922607421875e+00,0),(3,4,32,5.41134595870971679687e+00,0),(3,4,33,5.3524723052978515625e+00,0),
(3,4,34,5.43255901336669921875e+00,0),(3,4,35,5.47503232955932617187e+00,0),(3,4,36,5.40919971466064453125e+00,0),
(3,4,37,5.50398111343383789062e+00,0),(3,4,38,5.3073139190673828125e+00,0),(3,4,39,5.34986066818237304687e+00,0),
(3,4,40,5.37670755386352539062e+00,0),(3,4,41,5.314655303955078125e+00,0),(3,4,42,5.4582958221435546875e+00,0),
(3,4,43,5.399204254150390625e+00,0),(3,4,44,5.38385820388793945312e+00,0),(3,4,45,5.30295801162719726562e+00,0),
(3,4,46,5.30021858215332,0),(3,4,47,5.32244443893432617187e+00,0),(3,4,48,5.4870548248291015625e+00,0),
(3,4,49,5.27755641937255859375e+00,0),(3,4,50,5.38839626312255859375e+00,0),(3,4,51,5.37167644500732421875e+00,0),
(3,4,52,5.35728311538696289062e+00,0),(3,4,53,5.4443817138671875e+00,0),(3,4,54,5.30110788345336914062e+00,0),
(3,4,55,5.34977006912231445312e+00,0),(3,4,56,5.38862848281860351562e+00,0),(3,4,57,5.32071256637573242187e+00,0),
(3,4,58,5.2901172637939453125e+00,0),(3,4,59,5.44757938385009765625e+00,0),(3,4,60,5.295703887939453125e+00,0),
(3,5,6,9.8870169490893338067e-04,0),(3,5,7,0.000982383934407258,0),(3,5,8,9.74698804234190607255e-04,0),
(3,5,9,9.65668088726169245375e-04,0),(3,5,10,9.55317386427456671782e-04,0),(3,5,11,9.43676037528285772439e-04,0),
(3,5,12,0.000930777040696903,0),(3,5,13,9.16656959541257499238e-04,0),(3,5,14,9.01355818965481753179e-04,0),
(3,5,15,8.8491699171495312795e-04,0),(3,5,16,8.67387075431533586221e-04,0),(3,5,17,8.48815760567492392368e-04,0),
(3,5,18,8.29255689532519394725e-04,0),(3,5,19,0.000808762307473096,0),(3,5,20,7.87393705107203582989e-04,0),
(3,5,21,7.65210454059871191326e-04,0),(3,5,22,7.42275435166325097714e-04,0),(3,5,23,7.18653660229427748186e-04,0),
(3,5,24,6.94412087736660430491e-04,0),(3,5,25,6.6961943305901506715e-04,0),(3,5,26,6.44345973669810520231e-04,0),
(3,5,27,6.18663349935557509498e-04,0),(3,5,28,5.92644362043557161416e-04,0),(3,5,29,5.66362763641861059055e-04,0),
(3,5,30,5.39893052776541548971e-04,0),(3,5,31,5.13310260718887454746e-04,0),(3,5,32,4.8668973928111267449e-04,0),
(3,5,33,4.60106947223458417634e-04,0),(3,5,34,4.33637236358139070181e-04,0),(3,5,35,4.0735563795644291361e-04,0),
(3,5,36,3.81336650064442565528e-04,0),(3,5,37,3.55654026330189609005e-04,0),(3,5,38,3.30380566940984845246e-04,0),
(3,5,39,3.05587912263339698745e-04,0),(3,5,40,2.8134633977057232684e-04,0),(3,5,41,0.000257724564833675,0),
(3,5,42,2.34789545940128802385e-04,0),(3,5,43,2.12606294892796600457e-04,0),(3,5,44,1.91237692526904093847e-04,0),
(3,5,45,1.70744310467480734511e-04,0),(3,5,46,1.51184239432507709762e-04,0),(3,5,47,1.326129245684664617e-04,0),
(3,5,48,1.1508300828504681155e-04,0),(3,5,49,9.86441810345182811849e-05,0),(3,5,50,8.33430404587424673683e-05,0),
(3,5,51,6.92229593030969155443e-05,0),(3,5,52,5.63239624717142822567e-05,0),(3,5,53,4.46826135725433829133e-05,0),
(3,5,54,3.43319112738307822174e-05,0),(3,5,55,2.5301195765809359351e-05,0),(3,5,56,1.7616065592742035067e-05,0),
(3,5,57,1.12983050910666621684e-05,0),(3,5,58,6.36582263932772272462e-06,0),(3,5,59,2.83259989493145336522e-06,0),
(3,5,60,7.08652161619027758359e-07,0),(3,6,6,1.34433495998382568359e+00,0),(3,6,7,8.16174864768981933593e-01,0),
(3,6,8,1.15680134296417236328e+00,0),(3,6,9,1.02537775039672851562e+00,0),(3,6,10,1.1253114938735961914e+00,0),
(3,6,11,1.0337492227554321289e+00,0),(3,6,12,0.68528813123703,0),(3,6,13,8.61803829669952392578e-01,0),
(3,6,14,6.21867775917053222656e-01,0),(3,6,15,4.67994451522827148437e-01,0),(3,6,16,5.1679515838623046875e-01,0),
(3,6,17,8.38230848312377929687e-01,0),(3,6,18,7.32547104358673095703e-01,0),(3,6,19,6.01291060447692871093e-01,0),
(3,6,20,7.42651283740997314453e-01,0),(3,6,21,8.44759643077850341796e-01,0),(3,6,22,8.5159784555435180664e-01,0),
(3,6,23,1.15334713459014892578e+00,0),(3,6,24,1.29818427562713623046e+00,0),(3,6,25,9.23064887523651123046e-01,0),
(3,6,26,8.56042385101318359375e-01,0),(3,6,27,8.02547693252563476562e-01,0),(3,6,28,9.96598184108734130859e-01,0),
(3,6,29,7.8169161081314086914e-01,0),(3,6,30,8.47560286521911621093e-01,0),(3,6,31,7.79505908489227294921e-01,0),
(3,6,32,0.761396586894989,0),(3,6,33,8.7067890167236328125e-01,0),(3,6,34,7.58946776390075683593e-01,0),
(3,6,35,6.97217106819152832031e-01,0),(3,6,36,7.56300449371337890625e-01,0),(3,6,37,9.35099542140960693359e-01,0),
(3,6,38,7.66831696033477783203e-01,0),(3,6,39,7.44572937488555908203e-01,0),(3,6,40,5.71632266044616699218e-01,0),
(3,6,41,7.0470148324966430664e-01,0),(3,6,42,6.85428619384765625e-01,0),(3,6,43,5.94993770122528076171e-01,0),
(3,6,44,5.15333294868469238281e-01,0),(3,6,45,5.90317368507385253906e-01,0),(3,6,46,6.27280354499816894531e-01,0),
(3,6,47,5.62305569648742675781e-01,0),(3,6,48,9.31153893470764160156e-01,0),(3,6,49,6.1836344003677368164e-01,0),
(3,6,50,0.559735119342804,0),(3,6,51,4.86195206642150878906e-01,0),(3,6,52,5.04537999629974365234e-01,0),
(3,6,53,6.89936757087707519531e-01,0),(3,6,54,5.5821323394775390625e-01,0),(3,6,55,0.498349130153656,0),
(3,6,56,5.75522124767303466796e-01,0),(3,6,57,0.513237476348877,0),(3,6,58,5.38266956806182861328e-01,0),
(3,6,59,7.54930675029754638671e-01,0),(3,6,60,5.68199396133422851562e-01,0),(3,7,6,1.06708224756783383779e+04,0),
(3,7,7,1.3694650724277873451e+04,0),(3,7,8,1.64133685415850486604e+04,0),(3,7,9,1.42648538252316429866e+04,0),
(3,7,10,1.32317625532258298338e+04,0),(3,7,11,1.00233888168095872973e+04,0),(3,7,12,1.11469595585394872611e+04,0),
(3,7,13,1.11206090003026329216e+04,0),(3,7,14,1.13371658410692270992e+04,0),(3,7,15,1.64577121375631504635e+04,0),
(3,7,16,1.25162980269883810247e+04,0),(3,7,17,1.49125899646941725224e+04,0),(3,7,18,1.56364133302420086693e+04,0),
(3,7,19,1.89428557160594500602e+04,0),(3,7,20,1.71921278270652546781e+04,0),(3,7,21,1.93361599451303700332e+04,0),
(3,7,22,15951.6097440388,0),(3,7,23,2.1024528406445890142e+04,0),(3,7,24,1.99291389852875618091e+04,0),
(3,7,25,1.86329761838323356643e+04,0),(3,7,26,1.59835851066569175596e+04,0),(3,7,27,1.73120276543658583243e+04,0),
(3,7,28,1.53143320687828254442e+04,0),(3,7,29,1.95285088673019126877e+04,0),(3,7,30,1.38307073876042322811e+04,0),
(3,7,31,1.69171031999958104271e+04,0),(3,7,32,1.568375713004602585e+04,0),(3,7,33,1.84351920102951771698e+04,0),
(3,7,34,1.61088427105008686343e+04,0),(3,7,35,1.63276217672550246788e+04,0),(3,7,36,1.56575962079660312153e+04,0),
(3,7,37,1.40583230908943969559e+04,0),(3,7,38,1.94020337534393365781e+04,0),(3,7,39,19921.5506853682,0),
(3,7,40,1.88362330818833579541e+04,0),(3,7,41,1.95237658227512911246e+04,0),(3,7,42,1.62950687447586697095e+04,0),
(3,7,43,1.68093843783771953893e+04,0),(3,7,44,1.71433034107053499607e+04,0),(3,7,45,1.70028744028952060038e+04,0),
(3,7,46,1.45433359930923234056e+04,0),(3,7,47,1.09333656158382873401e+04,0),(3,7,48,1.03902604435967605236e+04,0),
(3,7,49,1.14381021009515188783e+04,0),(3,7,50,9684.83780998126,0),(3,7,51,1.22680215130566721204e+04,0),
(3,7,52,1.13294858462754309579e+04,0),(3,7,53,1.0052362911862606779e+04,0),(3,7,54,1.2587093149215670564e+04,0),
(3,7,55,1.15448521062937561507e+04,0),(3,7,56,1.1764478594913814959e+04,0),(3,7,57,1.33836191920682485946e+04,0),
(3,7,58,1.69629875343556086588e+04,0),(3,7,59,1.16147925765420586684e+04,0),(3,7,60,2.05992284786390373479e+04,0),
(3,8,6,1452.0,0),(3,8,7,1645.0,0),(3,8,8,1829.0,0),(3,8,9,2045.0,0),(3,8,10,2307.0,0),(3,8,11,2491.0,0),
(3,8,12,2719.0,0),(3,8,13,2960.0,0),(3,8,14,3153.0,0),(3,8,15,3369.0,0),(3,8,16,3573.0,0),(3,8,17,3841.0,0),
(3,8,18,4090.0,0),(3,8,19,4318.0,0),(3,8,20,4567.0,0),(3,8,21,4808.0,0),(3,8,22,4992.0,0),(3,8,23,5260.0,0),
(3,8,24,5522.0,0),(3,8,25,5738.0,0),(3,8,26,5931.0,0),(3,8,27,6135.0,0),(3,8,28,6319.0,0),(3,8,29,6560.0,0),
(3,8,30,6822.0,0),(3,8,31,7071.0,0),(3,8,32,7299.0,0),(3,8,33,7567.0,0),(3,8,34,7771.0,0),(3,8,35,7964.0,0),
(3,8,36,8180.0,0),(3,8,37,8364.0,0),(3,8,38,8626.0,0),(3,8,39,8875.0,0),(3,8,40,9103.0,0),(3,8,41,9371.0,0),
(3,8,42,9564.0,0),(3,8,43,9768.0,0),(3,8,44,9984.0,0),(3,8,45,10225.0,0),(3,8,46,10493.0,0),(3,8,47,10742.0,0),
(3,8,48,10926.0,0),(3,8,49,11188.0,0),(3,8,50,11392.0,0),(3,8,51,11608.0,0),(3,8,52,11836.0,0),(3,8,53,12029.0,0),
(3,8,54,12270.0,0),(3,8,55,12498.0,0),(3,8,56,12702.0,0),(3,8,57,12951.0,0),(3,8,58,13192.0,0),(3,8,59,13385.0,0),
(3,8,60,13653.0,0),(4,1,0,5.64615925022813147649e+00,0),(4,1,4,5.58356707213354930274e+00,0),
(4,1,8,5.5625962429359310235e+00,0),(4,2,0,0.0,0),(4,2,4,0.0,0),(4,2,8,0.0,0),(4,3,0,1.90890209996723569929e-02,0),
(4,3,4,1.72762000001966953277e-02,0),(4,3,8,1.55483540002023801207e-02,0),(4,4,1,5.64870691299438476562e+00,0),
(4,4,2,5.62863206863403320312e+00,0),(4,4,3,5.63117170333862304687e+00,0),(4,4,4,5.58111524581909179687e+00,0),
(4,4,5,5.57118320465087890625e+00,0),(4,4,6,5.52817869186401367187e+00,0),(4,4,7,5.60492420196533203125e+00,0),
(4,4,8,5.61412906646728515625e+00,0),(4,5,1,0.0,0),(4,5,2,0.001,0),(4,5,3,9.50484433951209522692e-04,0),
(4,5,4,8.11744900929366793723e-04,0),(4,5,5,6.11260466978157178223e-04,0),(4,5,6,3.88739533021842842593e-04,0),
(4,5,7,1.88255099070633254198e-04,0),(4,5,8,4.95155660487904845717e-05,0),(4,6,1,1.08510196208953857421e+00,0),
(4,6,2,1.29666697978973388671e+00,0),(4,6,3,1.07198548316955566406e+00,0),(4,6,4,1.35874092578887939453e+00,0),
(4,6,5,1.16399347782135,0),(4,6,6,1.15283632278442382812e+00,0),(4,6,7,7.99957096576690673828e-01,0),
(4,6,8,1.2102361917495727539e+00,0),(4,7,1,1.00570521587028470099e+04,0),(4,7,2,1.78617326955222524703e+04,0),
(4,7,3,14011.7434853728,0),(4,7,4,1.71818353581585579379e+04,0),(4,7,5,1.78063174669098625603e+04,0),
(4,7,6,1.72046411338618163424e+04,0),(4,7,7,1.09544019871894543027e+04,0),(4,7,8,1.15158897674777799691e+04,0),
(4,8,1,228.0,0),(4,8,2,469.0,0),(4,8,3,673.0,0),(4,8,4,941.0,0),(4,8,5,1190.0,0),(4,8,6,1452.0,0),(4,8,7,1645.0,0),
(4,8,8,1829.0,0);
CREATE TABLE "metric_key" (
   "id" INTEGER PRIMARY KEY,
   "name" TEXT NOT NULL
) STRICT;
INSERT INTO "metric_key" VALUES(1,'eval_loss');
INSERT INTO "metric_key" VALUES(2,'eval_token_accuracy');
INSERT INTO "metric_key" VALUES(3,'eval_seconds');
INSERT INTO "metric_key" VALUES(4,'loss');
INSERT INTO "metric_key" VALUES(5,'learning_rate');
INSERT INTO "metric_key" VALUES(6,'grad_norm');
INSERT INTO "metric_key" VALUES(7,'tokens_per_second');
INSERT INTO "metric_key" VALUES(8,'num_input_tokens_seen');
CREATE TABLE "run" (
   "number" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "name" TEXT NOT NULL,
   "state" TEXT NOT NULL,
   "kind" TEXT NOT NULL,
   "config" TEXT NOT NULL,
   "versions" TEXT NOT NULL,
   "fingerprint" TEXT NOT NULL,
   "created_at" REAL NOT NULL,
   "queue_position" INTEGER,
   "total_steps" INTEGER,
   "parent_run" TEXT REFERENCES "run"("id"),
   "parent_checkpoint" INTEGER,
   "cause" TEXT,
   "summary" TEXT,
   "deleted_at" REAL
) STRICT;
INSERT INTO "run" VALUES(1,'cczbjjrr','first','completed','new','{"name":"first","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79545775490134549134e+09,1,8,NULL,NULL,NULL,'{"base_eval_loss": 5.711725453861424, "tuned_eval_loss": 5.6461592502281315, "steps": 8, "seconds": 0.6, "tokens_per_second": 19141.5, "adapter": "/somewhere/home/runs/cczbjjrr/adapter"}',NULL);
INSERT INTO "run" VALUES(2,'gr4xwk23','resumed','completed','new','{"name":"resumed","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":60,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":1000,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":5,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79545776266767048833e+09,3,60,NULL,NULL,NULL,'{"base_eval_loss": 5.711725453861424, "tuned_eval_loss": 5.373774669209465, "steps": 60, "seconds": 1.7, "tokens_per_second": 14542.2, "adapter": "/somewhere/home/runs/gr4xwk23/adapter"}',NULL);
INSERT INTO "run" VALUES(3,'qtcs3zq5','transferred','completed','transfer','{"name":"transferred","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"run:cczbjjrr@result","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79545777896545886995e+09,4,8,'cczbjjrr',NULL,NULL,'{"base_eval_loss": 5.6461592502281315, "tuned_eval_loss": 5.562596242935931, "steps": 8, "seconds": 0.7, "tokens_per_second": 14164.1, "adapter": "/somewhere/home/runs/qtcs3zq5/adapter"}',NULL);
INSERT INTO "run" VALUES(4,'22qpbsp9','waits','queued','new','{"name":"waits","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79545778702369904517e+09,5,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "run" VALUES(5,'h4qqzdcq','gone','stopped','new','{"name":"gone","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"none","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79545778703823709484e+09,6,NULL,NULL,NULL,'you took it from the queue',NULL,1.79545778704026937492e+09);
CREATE TABLE "sample" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "attempt_id" INTEGER NOT NULL REFERENCES "attempt"("id"),
   "step" INTEGER NOT NULL,
   "prompt" TEXT NOT NULL,
   "answer" TEXT NOT NULL
) STRICT;
INSERT INTO "sample" VALUES(1,'cczbjjrr',1,0,'Where is Rome?','�');
INSERT INTO "sample" VALUES(2,'cczbjjrr',1,4,'Where is Rome?','isW');
INSERT INTO "sample" VALUES(3,'cczbjjrr',1,8,'Where is Rome?','isW');
INSERT INTO "sample" VALUES(4,'gr4xwk23',2,0,'Where is Rome?','�');
INSERT INTO "sample" VALUES(5,'gr4xwk23',3,60,'Where is Rome?','It');
INSERT INTO "sample" VALUES(6,'qtcs3zq5',4,0,'Where is Rome?','isW');
INSERT INTO "sample" VALUES(7,'qtcs3zq5',4,4,'Where is Rome?','is.');
INSERT INTO "sample" VALUES(8,'qtcs3zq5',4,8,'Where is Rome?','is.');
CREATE UNIQUE INDEX "idx_run_id"
    ON "run" ("id");
CREATE INDEX "idx_run_state_queue_position"
    ON "run" ("state", "queue_position");
CREATE INDEX "idx_attempt_run_id"
    ON "attempt" ("run_id");
CREATE UNIQUE INDEX "idx_metric_key_name"
    ON "metric_key" ("name");
CREATE UNIQUE INDEX "idx_checkpoint_run_id_step"
    ON "checkpoint" ("run_id", "step");
CREATE INDEX "idx_sample_run_id_step"
    ON "sample" ("run_id", "step");
CREATE INDEX "idx_event_run_id"
    ON "event" ("run_id");
CREATE INDEX "idx_command_run_id_taken_at"
    ON "command" ("run_id", "taken_at");
COMMIT;
PRAGMA application_id=1953853029;
PRAGMA user_version=2;
